"""What can be said: the vocabulary, expressions, the rule book, the scenario, and their flat form."""
