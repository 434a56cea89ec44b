"""What the builder does to a schema: every edit is a function from schema to schema that changes only what it names."""

from forms.edit.places import Edited, EditRefused

__all__ = ["EditRefused", "Edited"]
