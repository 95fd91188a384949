"""``gpt41calc schema``: the JSON Schemas of the documents that the program prints."""
