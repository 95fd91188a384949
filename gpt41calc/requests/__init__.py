"""What is sent to a model: messages, tools, pictures, and what they take."""
