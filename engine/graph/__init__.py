"""The explanation graph of a decision (networkx): built, laid out, drawn, and written in seven formats."""

from engine.graph.build import explanation
from engine.graph.difference import difference
from engine.graph.write import SUFFIXES, check, write

__all__ = ["SUFFIXES", "check", "difference", "explanation", "write"]
