"""The page in the browser: rooms on the same engine as the commands. It holds no knowledge about communities."""
