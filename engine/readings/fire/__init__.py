"""The reading `fire`: one complete world, and every rule that fires in it, by durable-rules or in plain Python."""

from sharedvalue.engine.readings.fire.matcher import matcher_in_use
from sharedvalue.engine.readings.fire.program import Program

__all__ = ["Program", "matcher_in_use"]
