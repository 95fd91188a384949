"""Counts many sources as one tally, fast: worker processes, caches of counts, and contents of git."""
