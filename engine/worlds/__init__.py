"""What each fact may be: the evidence chapter, assumptions and ranges turn a scenario into the worlds it allows."""

from sharedvalue.engine.worlds.belief import Belief
from sharedvalue.engine.worlds.worlds import Worlds, form, misfits, suppose

__all__ = ["Belief", "Worlds", "form", "misfits", "suppose"]
