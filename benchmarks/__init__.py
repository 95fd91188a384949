"""Ratios against the field, measured side by side in one run: ``python -m benchmarks``."""
