"""``gpt41calc log``: how tokens grew, commit by commit."""
