"""Evidence: how much of it is needed, and which facts rest on what."""
