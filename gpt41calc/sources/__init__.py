"""What the user pointed at, as text."""
