"""``gpt41calc cache``: what is cached of earlier runs."""
