"""How an outside action can fail: for now, for good, or in a way the process itself may catch."""

from __future__ import annotations


class Failure(Exception):
    """The outside action did not succeed. The message is one sentence with nothing personal in it."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class Temporary(Failure):
    """The other side does not answer now; another try makes sense."""


class Permanent(Failure):
    """The action can't be done as it is asked for; another try makes no sense."""


class BusinessError(Failure):
    """The other side answered no; a boundary event may catch the code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
