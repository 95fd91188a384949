"""``gpt41calc encode``: the token ids of a text."""
