"""What a worker process computes for a room: plain data from an engine answer, one file a room."""
