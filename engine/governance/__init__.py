"""Decisions on record: an append-only ledger, its review, its replay and its reports."""
