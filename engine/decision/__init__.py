"""Traces become a decision: outcome, modes, status, risk, and what is still open."""

from sharedvalue.engine.decision.decide import Decider, Decision, PossibleOutcome, decide
from sharedvalue.engine.decision.wording import Wording

__all__ = ["Decider", "Decision", "PossibleOutcome", "Wording", "decide"]
