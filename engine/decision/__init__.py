"""Traces become a decision: outcome, modes, status, risk, and what is still open."""

from engine.decision.decide import Decision, PossibleOutcome, decide
from engine.decision.wording import Wording

__all__ = ["Decision", "PossibleOutcome", "Wording", "decide"]
