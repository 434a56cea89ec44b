"""People as the directory says: let in, brought up to date, deactivated when they are gone from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import Select, func, select

from engine.directory import (
    LONGEST_USERNAME,
    AdmitFromDirectory,
    ConfigureDirectory,
    DirectorySettings,
    Entry,
    NoteDirectoryAway,
    SyncDirectory,
    SyncReport,
)
from engine.errors import Conflict, NotAllowed
from engine.handlers.people import must_administer, set_groups
from engine.handlers.registry import handles
from engine.handlers.staffing import deactivate_person
from engine.handlers.work import Work
from engine.ids import new_id
from engine.staffing import DeactivatePerson
from engine.store.directory import DirectoryRow
from engine.store.people import GroupMemberRow, PersonRow


@handles(ConfigureDirectory)
def configure_directory(work: Work, command: ConfigureDirectory) -> None:
    """Keep the settings."""
    must_administer(work.actor)
    row = _kept(work)
    if row is None:
        row = DirectoryRow(id=new_id(), tenant=work.tenant, report={})
        work.session.add(row)
    row.settings = command.settings.kept()


@handles(AdmitFromDirectory)
def admit_from_directory(work: Work, command: AdmitFromDirectory) -> str:
    """Write down whom the directory let in."""
    must_administer(work.actor)
    if not command.entry.is_usable:
        raise NotAllowed
    person = _known(work, command.entry)
    if person is None:
        return _create(work, command.entry, _settings(work)).username
    if not person.active:
        if person.left_directory_at is None:
            raise NotAllowed
        _return(person)
    _update(work, person, command.entry, _settings(work))
    return person.username


@handles(SyncDirectory)
def sync_directory(work: Work, command: SyncDirectory) -> SyncReport:
    """Go through everybody; deactivate who is gone unless they are too many for one night."""
    must_administer(work.actor)
    settings = _settings(work)
    done: dict[str, list[str]] = defaultdict(list)
    for entry in command.entries:
        done[_sync_one(work, entry, settings)].append(shown(entry.username))
    there = {entry.id for entry in command.entries}
    people = work.session.scalars(_theirs(work).where(PersonRow.active).order_by(PersonRow.username)).all()
    gone = [one for one in people if one.directory_id not in there]
    if too_many(len(gone), len(people), len(command.entries), settings.threshold):
        done["held"] = [one.username for one in gone]
    else:
        done["deactivated"] = [_deactivate(work, one) for one in gone]
    done.pop("same", None)
    report = SyncReport(at=work.now, **done)
    _remember(work, report)
    return report


@handles(NoteDirectoryAway)
def note_directory_away(work: Work, command: NoteDirectoryAway) -> None:
    """Remember why nothing was read."""
    must_administer(work.actor)
    row = _kept(work)
    if row is not None:
        row.problem = command.problem


def too_many(gone: int, known: int, found: int, threshold: int) -> bool:
    """Whether so many left that the directory rather is broken. One person may always leave, all of them never."""
    return gone > 0 and (found == 0 or (gone > 1 and gone * 100 > known * threshold))


def shown(username: str) -> str:
    """Give a name as a report can show it."""
    return "".join(letter if letter.isprintable() else "?" for letter in username[:LONGEST_USERNAME])


def _sync_one(work: Work, entry: Entry, settings: DirectorySettings) -> str:
    if not entry.is_usable:
        return "unusable"
    try:
        person = _known(work, entry)
    except Conflict:
        return "taken"
    if person is None:
        _create(work, entry, settings)
        return "created"
    if not person.active and person.left_directory_at is None:
        return "same"
    came_back = not person.active
    _return(person)
    changed = _update(work, person, entry, settings)
    return "returned" if came_back else "changed" if changed else "same"


def _known(work: Work, entry: Entry) -> PersonRow | None:
    """The person of an entry. A name alone never joins anybody: a local account can't be taken over from there."""
    person = work.session.scalar(_theirs(work).where(PersonRow.directory_id == entry.id))
    if person is not None:
        return person
    same = select(PersonRow.id).where(
        PersonRow.tenant == work.tenant, func.lower(PersonRow.username) == entry.username.lower()
    )
    if work.session.scalars(same).first() is not None:
        raise Conflict(f"Somebody else is called {entry.username!r} here.", username=entry.username)
    return None


def _create(work: Work, entry: Entry, settings: DirectorySettings) -> PersonRow:
    person = PersonRow(
        id=new_id(),
        tenant=work.tenant,
        username=entry.username,
        directory_id=entry.id,
        name=entry.name,
        email=entry.email,
        created_at=work.now,
    )
    work.session.add(person)
    work.session.flush()
    _update(work, person, entry, settings)
    return person


def _update(work: Work, person: PersonRow, entry: Entry, settings: DirectorySettings) -> bool:
    """Take over name, address and the groups of the mapping; groups it doesn't name stay as administrators set them."""
    member = select(GroupMemberRow.group_key).where(
        GroupMemberRow.tenant == work.tenant, GroupMemberRow.person_id == person.id
    )
    old = set(work.session.scalars(member))
    new = (old - set(settings.mapping)) | entry.groups
    same = (person.name, person.email, old) == (entry.name, entry.email, new)
    person.name, person.email = entry.name, entry.email
    if old != new:
        set_groups(work, person, sorted(new))
    return not same


def _return(person: PersonRow) -> None:
    person.active, person.left_directory_at = True, None


def _deactivate(work: Work, person: PersonRow) -> str:
    deactivate_person(work, DeactivatePerson(tenant=work.tenant, actor=work.actor, username=person.username))
    person.left_directory_at = work.now
    return person.username


def _theirs(work: Work) -> Select[PersonRow]:
    return select(PersonRow).where(PersonRow.tenant == work.tenant, PersonRow.directory_id.is_not(None))


def _kept(work: Work) -> DirectoryRow | None:
    return work.session.scalar(select(DirectoryRow).where(DirectoryRow.tenant == work.tenant))


def _settings(work: Work) -> DirectorySettings:
    row = _kept(work)
    if row is None or not row.settings.get("on"):
        raise NotAllowed
    return DirectorySettings.read(row.settings)


def _remember(work: Work, report: SyncReport) -> None:
    row = _kept(work)
    if row is not None:
        said: Mapping[str, object] = asdict(report)
        row.report = {key: list(value) for key, value in said.items() if isinstance(value, list | tuple) and value}
        row.synced_at, row.problem = work.now, ""
