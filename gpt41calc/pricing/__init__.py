"""``pricing.toml``, as validated, dated prices and limits."""
