"""The shapes of records of registers."""

from __future__ import annotations

from marshmallow import fields, validate

from web.api.shapes import BIGGEST, Number, Query, Shape, Whole, said, sensible, text


class RecordQuery(Query):
    """Which records."""

    q = fields.String(
        load_default="", validate=validate.Length(max=200), metadata=said("Words of the searched fields.", "rokytnice")
    )


class RowQuery(Query):
    """Which rows in time, the newest first."""

    record = text("Id of the record that they lie under.", required=True)
    since = fields.AwareDateTime(
        load_default=None, validate=sensible, metadata=said("From this moment on.", "2026-01-01T00:00:00+01:00")
    )
    until = fields.AwareDateTime(load_default=None, validate=sensible, metadata=said("Before this moment."))
    state = fields.String(
        load_default="",
        validate=validate.OneOf(["", "counted", "held", "refused", "superseded", "all"]),
        metadata=said("One state; without it those that no other row stands for; `all` has these too.", "held"),
    )


class Row(Shape):
    """A row in time."""

    id = fields.String(required=True, metadata=said("Id of the row."))
    record_id = fields.String(required=True, metadata=said("The record that it lies under."))
    channel = fields.String(required=True, metadata=said("Which count of the record, such as a tariff.", "NT"))
    at = fields.AwareDateTime(required=True, metadata=said("The moment it tells of."))
    value = fields.Float(required=True, metadata=said("What the counter showed, or the amount.", 10234.5))
    state = fields.String(required=True, metadata=said("counted, held, refused or superseded.", "counted"))
    reason = fields.String(required=True, metadata=said("Why it was held back.", "lower"))
    mark = fields.String(required=True, metadata=said("rollover or reset where the counter began anew.", ""))
    supersedes = fields.String(
        required=True, allow_none=True, metadata=said("The row in whose place it stands, where it does.")
    )
    written_at = fields.AwareDateTime(required=True, metadata=said("When it came."))
    written_by = fields.String(required=True, metadata=said("Who sent it.", "http"))
    data = fields.Dict(required=True, keys=fields.String(), metadata=said("Its other fields.", {"source": "http"}))


class TotalQuery(Shape):
    """Which totals."""

    record = text("Id of the record whose rows are counted.", required=True)
    span = fields.String(
        load_default="month", validate=validate.OneOf(["day", "month", "year"]), metadata=said("By what time.", "month")
    )
    since = fields.String(
        load_default="",
        validate=Whole(r"(\d{4}(-\d{2}(-\d{2})?)?)?"),
        metadata=said("The first period, written as far as the span goes.", "2026-01"),
    )


class Total(Shape):
    """What the rows of a record count in one period."""

    period = fields.String(required=True, metadata=said("2026-03-02, 2026-03 or 2026.", "2026-03"))
    channel = fields.String(required=True, metadata=said("Which count of the record.", ""))
    total = fields.Float(required=True, metadata=said("Differences of a counter multiplied as the record says.", 420.5))


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
