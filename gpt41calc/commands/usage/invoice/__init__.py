"""What the provider charged, held against the answers."""
