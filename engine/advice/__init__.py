"""All that `decide` says: the decision, how firm it is, what to ask next, what to do and what to watch."""

from sharedvalue.engine.advice.advise import Advice, Chosen, advise
from sharedvalue.engine.advice.as_json import decision_json
from sharedvalue.engine.questions.worth import Ask

__all__ = ["Advice", "Ask", "Chosen", "advise", "decision_json"]
