"""Endpoints of vendors that count the tokens of a request. Asked only if the command line says so."""
