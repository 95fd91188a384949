"""``gpt41calc batch``: the cost of a file of API requests, and the cheapest way to run it."""
