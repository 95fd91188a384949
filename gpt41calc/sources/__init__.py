"""Find and read the inputs that the user named, as text."""
