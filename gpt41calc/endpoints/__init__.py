"""Vendors' endpoints that count the tokens of a request; used only if the command line requests it."""
