"""What was kept as JSON: answers with their usage, and examples to train on."""
