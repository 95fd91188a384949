"""``gpt41calc split``: a text in pieces of at most a number of tokens."""
