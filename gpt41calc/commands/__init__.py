"""One folder per command; code shared by several commands is in the packages below this layer."""
