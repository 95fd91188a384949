"""Compare the provider's invoice with the answers."""
