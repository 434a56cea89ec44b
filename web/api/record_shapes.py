"""The shapes of records of registers."""

from __future__ import annotations

from marshmallow import fields, validate

from web.api.shapes import BIGGEST, Number, Query, Shape, said


class RecordQuery(Query):
    """Which records."""

    q = fields.String(
        load_default="", validate=validate.Length(max=200), metadata=said("Words of the searched fields.", "rokytnice")
    )


class Record(Shape):
    """A record of a register."""

    id = fields.String(required=True, metadata=said("Id of the record."))
    version = fields.Integer(required=True, metadata=said("Grows with every change.", 1))
    caption = fields.String(required=True, metadata=said("What a list shows.", "Rokytnice"))
    changed_at = fields.AwareDateTime(required=True, metadata=said("When it was last written."))
    data = fields.Dict(
        required=True,
        keys=fields.String(),
        metadata=said("The fields that this person may see.", {"name": "Rokytnice"}),
    )


class NewRecord(Shape):
    """A new record."""

    data = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata=said("The fields, as the register describes them.", {"name": "Rokytnice"}),
    )


class Version(Shape):
    """Which version was read."""

    version = Number(
        allow_none=True,
        load_default=None,
        validate=validate.Range(min=0, max=BIGGEST),
        metadata=said("The version that was read; another one is refused with 409.", 1),
    )


class RecordData(NewRecord, Version):
    """A whole record as it should be from now on."""
