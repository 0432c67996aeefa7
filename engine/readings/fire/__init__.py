"""The reading `fire`: one complete world, and every rule that fires in it, by durable-rules."""

from sharedvalue.engine.readings.fire.durable import LibraryError
from sharedvalue.engine.readings.fire.program import Program

__all__ = ["LibraryError", "Program"]
