"""``gpt41calc pack``: which files to send so that a token budget is used best."""
