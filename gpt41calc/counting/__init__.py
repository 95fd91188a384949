"""Count many sources into one tally, fast: worker processes, caches of counts, and git objects."""
