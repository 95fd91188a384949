"""Turn results into text: one module per output format."""
