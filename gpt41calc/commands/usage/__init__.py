"""``gpt41calc usage``: what a run really cost."""
