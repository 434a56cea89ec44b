"""How an outside action can fail: for now, for good, or in a way the process itself may catch."""

from __future__ import annotations

from typing import Literal

from engine.model import Cause


class Failure(Exception):
    """The outside action did not succeed. The message is one sentence with nothing personal in it."""

    #: What keeps every action from the other side, not only this one; "" where it isn't known to.
    cause: Cause | Literal[""] = ""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class Temporary(Failure):
    """The other side does not answer now; another try makes sense."""


class Unreachable(Temporary):
    """The other side gives no answer, to whatever it is asked."""

    cause = "unreachable"


class Interrupted(Unreachable):
    """The line broke after the request had gone out: nobody knows whether it was carried out."""


class Busy(Temporary):
    """The other side wants to be left alone for a while."""

    cause = "busy"


class Permanent(Failure):
    """The action can't be done as it is asked for; another try makes no sense."""


class LockedOut(Permanent):
    """The other side doesn't know us or our key; a person must mend that."""

    cause = "locked-out"


class BusinessError(Failure):
    """The other side answered no; a boundary event may catch the code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
