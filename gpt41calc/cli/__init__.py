"""The command line: options declared once, commands of ten lines."""
