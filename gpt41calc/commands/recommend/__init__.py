"""``gpt41calc recommend``: which variant to use."""
