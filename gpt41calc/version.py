"""The version, alone in a module so that every room may know it."""

__version__ = "0.1.0"
