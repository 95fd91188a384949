"""``gpt41calc estimate``: tokens, context fit, cost and savings."""
