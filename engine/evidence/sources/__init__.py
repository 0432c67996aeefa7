"""One file a tool, or a family of tools: how its export is recognised, and what one record is."""
