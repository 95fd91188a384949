"""Requests to models: their messages, tools and pictures, and the tokens of each."""
