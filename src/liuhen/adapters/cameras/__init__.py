"""What body-worn camera systems send and want to read: names, metadata, small contents, encryption, the connection file."""
