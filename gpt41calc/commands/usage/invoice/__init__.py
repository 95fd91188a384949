"""What the provider charged, compared with the answers."""
