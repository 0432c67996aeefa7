"""The command line: reads arguments, asks the engine, prints what it answers."""
