"""Rows by the terabyte: count a column of Parquet, lines or any Arrow batch, here or on a cluster.

``tally`` counts a batch, and tallies add up:

>>> (Tally(rows=1, tokens=2) + Tally(rows=2, tokens=5)).tokens
7
"""

from __future__ import annotations

from .count_rows import SPARK_SCHEMA, merge, tally, tally_batches, tally_table
from .totals import Above, Longest, Tally

__all__ = ["SPARK_SCHEMA", "Above", "Longest", "Tally", "merge", "tally", "tally_batches", "tally_table"]
