"""The door for Axis body-worn camera systems: headers and names in, one flow, status and headers out."""
