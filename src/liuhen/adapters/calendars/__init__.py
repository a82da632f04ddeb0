"""Where published holiday notices come from: the installed release of the `holidays` package."""
