"""How well models do it, and which one for what: benchmarks and guidance, as data."""
