"""The explanation graph of a decision (networkx): built, laid out, drawn, and written in seven formats."""

from sharedvalue.engine.graph.build import explanation
from sharedvalue.engine.graph.difference import difference
from sharedvalue.engine.graph.write import SUFFIXES, check, write

__all__ = ["SUFFIXES", "check", "difference", "explanation", "write"]
