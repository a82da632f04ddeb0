"""The door for files that arrive in pieces: the tus protocol."""
