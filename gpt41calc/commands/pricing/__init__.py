"""``gpt41calc pricing``: the price tables."""
