"""The engine of sharedvalue: it reads a rule book and a case, and knows no terminal and no page."""
