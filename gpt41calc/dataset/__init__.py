"""Rows by the terabyte: count a column of Parquet, lines or any Arrow batch, here or on a cluster.

>>> import pyarrow
>>> tally(pyarrow.record_batch({"text": ["hello world", None]})).tokens
2
"""

from __future__ import annotations

from .count_rows import SPARK_SCHEMA, merge, tally, tally_batches, tally_table
from .totals import Above, Longest, Tally

__all__ = ["SPARK_SCHEMA", "Above", "Longest", "Tally", "merge", "tally", "tally_batches", "tally_table"]
