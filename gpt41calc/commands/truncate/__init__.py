"""``gpt41calc truncate``: a text cut to a number of tokens."""
