"""``gpt41calc dataset``: what the rows of Parquet, JSONL, CSV or text cost, a request a row."""
