"""Pictures of public records: files that came with a case which wrote the record, and no others.

Whoever may write a record could name any file in it; so the file has to belong to one of the record's own cases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.queries.registers import RecordFacts, public_record, register
from engine.registers.definitions import Register
from engine.store.papers import AttachmentRow
from engine.store.registers import RecordVersionRow

KINDS = ("image/jpeg", "image/png")


@dataclass(frozen=True, kw_only=True)
class PictureFacts:
    """A picture of a record."""

    file_id: str
    #: What is on it, for whoever doesn't see it.
    alt: str


@dataclass(frozen=True, kw_only=True)
class PictureFile:
    """The file of a picture as it was sent."""

    id: str
    media_type: str
    sha256: str


def pictures_of(
    session: Session, tenant: str, kept: Register, records: Sequence[RecordFacts]
) -> Mapping[str, Sequence[PictureFacts]]:
    """Give the pictures of public records by the record's id, in their order; those that are gone are left out."""
    named = {one.id: list(_named(kept, one)) for one in records}
    files = {picture.file_id for pictures in named.values() for picture in pictures}
    there: dict[str, set[str]] = defaultdict(set)
    for record_id, row in _kept_files(session, tenant, list(named), files) if files else ():
        there[record_id].add(row.id)
    return {record_id: [one for one in named[record_id] if one.file_id in there[record_id]] for record_id in named}


def picture(session: Session, tenant: str, key: str, record_id: str, file_id: str) -> PictureFile:
    """Give one picture of a public record, whose bytes `content_of` gives. Raises NotFound."""
    kept, record = register(session, tenant, key), public_record(session, tenant, key, record_id)
    if file_id not in {one.file_id for one in _named(kept, record)}:
        raise NotFound
    for _record_id, row in _kept_files(session, tenant, [record_id], {file_id}):
        return PictureFile(id=row.id, media_type=row.media_type, sha256=row.sha256)
    raise NotFound


def _named(kept: Register, record: RecordFacts) -> Iterator[PictureFacts]:
    listed = record.data.get(kept.pictures) if kept.pictures else None
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, Mapping) and isinstance(one.get("file"), str):
            yield PictureFacts(file_id=one["file"], alt=str(one.get("alt") or ""))


def _kept_files(
    session: Session, tenant: str, records: Sequence[str], files: set[str]
) -> Sequence[tuple[str, AttachmentRow]]:
    query = (
        select(RecordVersionRow.record_id, AttachmentRow)
        .join(AttachmentRow, AttachmentRow.instance_id == RecordVersionRow.instance_id)
        .where(RecordVersionRow.tenant == tenant, RecordVersionRow.record_id.in_(records))
        .where(AttachmentRow.tenant == tenant, AttachmentRow.id.in_(files), AttachmentRow.media_type.in_(KINDS))
        .distinct()
    )
    return [(record_id, row) for record_id, row in session.execute(query)]
