from sharedvalue.engine.errors import UserError as UserError
from sharedvalue.library import Answer as Answer
from sharedvalue.library import Book as Book
from sharedvalue.library import load as load
from sharedvalue.library import scenarios as scenarios
from sharedvalue.results import Portfolio as Portfolio
from sharedvalue.results import Result as Result

__all__: list[str]
