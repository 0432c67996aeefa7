"""The reading `fire`: one complete world, and every rule that fires in it, by durable-rules."""

from engine.readings.fire.durable import LibraryError
from engine.readings.fire.program import Program

__all__ = ["LibraryError", "Program"]
