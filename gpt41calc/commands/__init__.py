"""One folder for each command; what two commands need is in a package below."""
