"""``gpt41calc diff``: what a change adds."""
