"""What the forms can refuse."""

from __future__ import annotations


class FormError(Exception):
    """The form or what was posted to it was refused."""


class FormSchemaError(FormError):
    """The schema can't be used as a form."""

    def __init__(self, czech: str, english: str, pointer: str = "") -> None:
        super().__init__(english)
        self.czech = czech
        #: JSON Pointer into the schema, "" for the whole.
        self.pointer = pointer

    def said(self, lang: str) -> str:
        """Give the sentence in a language, Czech or English."""
        return self.czech if lang == "cs" else str(self)


class PostTooLarge(FormError):
    """The post has more fields, or deeper ones, than any form can have."""
