"""People and accounts that come in by a provider of identities."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.handlers.auditing import note
from engine.handlers.people import must_administer, person_called, set_groups
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.ids import new_id
from engine.model import Json
from engine.signing_in import AdmitByIdentity, EnterByIdentity, Holder, Identity, JoinIdentity
from engine.store.accounts import AccountRow
from engine.store.people import GroupMemberRow, PersonRow
from engine.store.signing_in import IdentityRow

LONGEST_SUBJECT, LONGEST_USERNAME = 255, 150


@handles(AdmitByIdentity)
def admit_by_identity(work: Work, command: AdmitByIdentity) -> str:
    """A name alone never joins anybody: whoever may name people at the provider can't become an administrator here."""
    must_administer(work.actor)
    known = _known(work, command.identity, "person")
    if known is None:
        person = _new_person(work, command)
        _join(work, command.identity, Holder(kind="person", id=person.id))
    else:
        person = work.session.get_one(PersonRow, known.holder_id)
    if not person.active:
        raise NotAllowed
    person.name, person.email = command.name, command.email
    member = select(GroupMemberRow.group_key).where(GroupMemberRow.tenant == work.tenant)
    old = set(work.session.scalars(member.where(GroupMemberRow.person_id == person.id)))
    new = (old - set(command.mapped)) | set(command.groups)
    if old != new:
        set_groups(work, person, sorted(new))
        note(work, "groups-by-identity", "person", person.username, {"groups": sorted(new)})
    return person.id


@handles(EnterByIdentity)
def enter_by_identity(work: Work, command: EnterByIdentity) -> str:
    """The account of the identity, with what is verified now."""
    known = _known(work, command.identity, "account")
    if known is None:
        account = AccountRow(id=new_id(), tenant=work.tenant, created_at=work.now, language=command.language[:2])
        work.session.add(account)
        work.session.flush()
        _join(work, command.identity, Holder(kind="account", id=account.id))
        note(work, "account-begun", "account", account.id)
    else:
        account = work.session.get_one(AccountRow, known.holder_id)
    account.signed_in_at = work.now
    _verify(work, account, command.claims)
    return account.id


@handles(JoinIdentity)
def join_identity(work: Work, command: JoinIdentity) -> None:
    """Both were shown in one browser: the account by its session, the identity by the provider."""
    known = _known(work, command.identity, command.holder.kind)
    if known is not None and known.holder_id != command.holder.id:
        raise Conflict("This identity is somebody else's here.")
    if command.holder.kind == "account":
        account = work.session.get(AccountRow, command.holder.id)
        if account is None or account.tenant != work.tenant or work.actor.kind != "applicant":
            raise NotFound
        _verify(work, account, command.claims)
    else:
        person = work.session.get(PersonRow, command.holder.id)
        if person is None or person.tenant != work.tenant or person.username != work.actor.username:
            raise NotAllowed
    if known is None:
        _join(work, command.identity, command.holder)
        note(work, "identity-joined", command.holder.kind, work.actor.username or command.holder.id)


def _known(work: Work, identity: Identity, kind: str) -> IdentityRow | None:
    if not 0 < len(identity.subject) <= LONGEST_SUBJECT:
        raise Invalid("A subject has 1 to 255 letters.")
    same = (IdentityRow.issuer == identity.issuer, IdentityRow.subject == identity.subject)
    found = select(IdentityRow).where(IdentityRow.tenant == work.tenant, IdentityRow.holder_kind == kind, *same)
    return work.session.scalar(found)


def _new_person(work: Work, command: AdmitByIdentity) -> PersonRow:
    if not 0 < len(command.username) <= LONGEST_USERNAME or not command.username.isprintable():
        raise Invalid("The provider gives no name that can be kept.")
    if person_called(work, command.username) is not None:
        raise Conflict(f"Somebody else is called {command.username!r} here.", username=command.username)
    person = PersonRow(id=new_id(), tenant=work.tenant, username=command.username, created_at=work.now, active=True)
    person.name = command.name
    work.session.add(person)
    work.session.flush()
    return person


def _join(work: Work, identity: Identity, holder: Holder) -> None:
    work.session.add(
        IdentityRow(
            id=new_id(),
            tenant=work.tenant,
            issuer=identity.issuer,
            subject=identity.subject,
            holder_kind=holder.kind,
            holder_id=holder.id,
            created_at=work.now,
        )
    )


def _verify(work: Work, account: AccountRow, claims: Mapping[str, Json]) -> None:
    if claims:
        account.verified, account.verified_at = dict(claims), work.now
