"""The door for programs: HTTP in, one flow, JSON out. No decision is made here."""
