"""The stand-alone verifier: one file that needs only Python 3.11 or later, put into every package."""
