"""``gpt41calc decode``: the text of token ids."""
