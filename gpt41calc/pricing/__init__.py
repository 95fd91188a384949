"""Load and validate ``pricing.toml``: dated prices, limits and counting rules of models."""
