"""``gpt41calc compare``: prompts side by side."""
