"""``gpt41calc finetune``: the cost of training on a file of examples."""
