"""The explanation graph of a decision (networkx): built, laid out, drawn, and written in seven formats."""
