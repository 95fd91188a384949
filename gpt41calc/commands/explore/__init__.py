"""``gpt41calc explore``: browse a folder by tokens and cost."""
