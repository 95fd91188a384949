"""``gpt41calc cache``: show and delete the cache of counts."""
