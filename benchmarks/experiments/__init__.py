"""Ways to train the embedded model, compared on equal, short budgets."""
