"""``gpt41calc tokens``: a text with its tokens."""
