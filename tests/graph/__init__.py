"""Tests of the explanation graph."""
