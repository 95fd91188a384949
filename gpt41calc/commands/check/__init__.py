"""``gpt41calc check``: compare inputs with budgets."""
