"""``gpt41calc count``: token counts only."""
