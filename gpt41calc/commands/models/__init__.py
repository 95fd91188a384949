"""``gpt41calc models``: the models and their prices."""
