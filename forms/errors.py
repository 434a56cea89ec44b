"""What the forms can refuse."""

from __future__ import annotations


class FormError(Exception):
    """The form or what was posted to it was refused."""


class FormSchemaError(FormError):
    """The schema can't be used as a form."""

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(message)
        #: JSON Pointer into the schema, "" for the whole.
        self.pointer = pointer


class PostTooLarge(FormError):
    """The post has more fields, or deeper ones, than any form can have."""
