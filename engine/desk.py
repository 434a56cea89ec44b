"""How somebody of the staff arranges their desk: views of the inbox that they keep for themselves or for a group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.commands import Command


@dataclass(frozen=True, kw_only=True)
class KeepView(Command[str]):
    """Keep a list of the inbox under a name; gives its id. The same name of the same person is kept anew.

    Raises Invalid (`reason`: name, group, many): no name, a group that the person is not in, too many views.
    """

    name: str
    #: Parameters of the list by the names that its address gives them; they mean what they do for whoever looks.
    given: Mapping[str, str]
    #: Everybody of this group finds it among theirs; None = only the person.
    group: str | None = None


@dataclass(frozen=True, kw_only=True)
class ForgetView(Command[None]):
    """Keep a view no more: one's own; the administrator any that is shared."""

    view_id: str
