"""One file a version of the ledger."""
