"""Which function executes which command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from engine.commands import Command
from engine.handlers.work import Work

C = TypeVar("C", bound=Command[Any])
R = TypeVar("R")
Handler = Callable[[Work, Any], Any]

_HANDLERS: dict[type[Command[Any]], Handler] = {}


def handles(command: type[C]) -> Callable[[Callable[[Work, C], R]], Callable[[Work, C], R]]:
    """Register the decorated function for a class of commands."""

    def register(handler: Callable[[Work, C], R]) -> Callable[[Work, C], R]:
        if command in _HANDLERS:
            raise RuntimeError(f"{command.__name__} has two handlers")
        _HANDLERS[command] = handler
        return handler

    return register


def handler_of(command: Command[Any]) -> Handler:
    """Give the function that executes this command."""
    return _HANDLERS[type(command)]
