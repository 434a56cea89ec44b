"""Accounts of applicants: how one comes about, what is its, its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select, update

from engine.accounts import AskToEnter, ClaimByEmail, ClaimCase, EndAccount, Enter, SetAccountPassword
from engine.errors import NotAllowed, NotFound
from engine.handlers.auditing import note
from engine.handlers.drafts import drop_files
from engine.handlers.owning import give_case
from engine.handlers.registry import handles
from engine.handlers.sessions import end_all
from engine.handlers.work import Work
from engine.ids import new_id
from engine.signing_in import LinkIsOver
from engine.store.accounts import AccountCaseRow, AccountRow
from engine.store.cases import InstanceRow
from engine.store.papers import DraftRow
from engine.store.searching import fold
from engine.store.signing_in import IdentityRow, MailedLinkRow, entry_of

#: A link to come in by; short, for a mailbox that others may read too.
LIFE = timedelta(minutes=20)
#: Links to one e-mail that work at the same time, and letters a day: nobody may be flooded through us.
MOST_OPEN, MOST_A_DAY = 3, 12


@handles(AskToEnter)
def ask_to_enter(work: Work, command: AskToEnter) -> None:
    """Promise a letter, unless enough have gone there lately."""
    email = command.email.strip().lower()
    there = (MailedLinkRow.tenant == work.tenant, MailedLinkRow.email == email, MailedLinkRow.person_id.is_(None))
    lately = select(func.count()).select_from(MailedLinkRow).where(*there)
    still = (MailedLinkRow.used_at.is_(None), MailedLinkRow.expires_at > work.now)
    if (work.session.scalar(lately.where(*still)) or 0) >= MOST_OPEN:
        return
    if (work.session.scalar(lately.where(MailedLinkRow.created_at > work.now - timedelta(days=1))) or 0) >= MOST_A_DAY:
        return
    work.session.add(
        MailedLinkRow(
            id=new_id(),
            tenant=work.tenant,
            account_id=command.account_id or None,
            browser_hash=command.browser,
            target=command.target[:500],
            language=command.language[:2],
            email=email,
            created_at=work.now,
            expires_at=work.now + LIFE,
            next_at=work.now,
        )
    )


@handles(Enter)
def enter(work: Work, command: Enter) -> str:
    """Use the link up; others to the same e-mail end too."""
    link = work.session.scalars(entry_of(work.tenant, command.secret).with_for_update()).first()
    if link is None or link.expires_at <= work.now:
        raise LinkIsOver
    if link.account_id and link.browser_hash != command.browser:
        # Whoever is sent a letter by somebody else would give them their mailbox by pressing the button.
        raise NotAllowed
    theirs = (MailedLinkRow.tenant == work.tenant, MailedLinkRow.email == link.email, MailedLinkRow.used_at.is_(None))
    work.session.execute(
        update(MailedLinkRow).where(*theirs, MailedLinkRow.person_id.is_(None)).values(used_at=work.now)
    )
    known = _found(work, AccountRow.email == link.email)
    asking = _account(work, link.account_id) if link.account_id else None
    account = _joined(work, asking, known, link.email) if asking is not None else known
    if account is None:
        account = AccountRow(id=new_id(), tenant=work.tenant, email=link.email, created_at=work.now)
        account.language = link.language
        work.session.add(account)
        note(work, "account-begun", "account", account.id)
    account.signed_in_at = work.now
    return account.id


def _joined(work: Work, asking: AccountRow, known: AccountRow | None, email: str) -> AccountRow:
    """The account that wants the e-mail; one that has it already becomes a part of it: both are one person's."""
    if known is not None and known.id != asking.id:
        moved = update(AccountCaseRow).where(AccountCaseRow.tenant == work.tenant)
        both = select(AccountCaseRow.instance_id).where(AccountCaseRow.account_id == asking.id)
        theirs = (AccountCaseRow.account_id == known.id, AccountCaseRow.instance_id.not_in(both))
        work.session.execute(moved.where(*theirs).values(account_id=asking.id))
        drafts = update(DraftRow).where(DraftRow.tenant == work.tenant, DraftRow.account_id == known.id)
        work.session.execute(drafts.values(account_id=asking.id))
        proven = update(IdentityRow).where(IdentityRow.tenant == work.tenant, IdentityRow.holder_id == known.id)
        work.session.execute(proven.values(holder_id=asking.id))
        asking.password_hash = asking.password_hash or known.password_hash
        _erase(work, known)
        work.session.flush()
        note(work, "accounts-joined", "account", asking.id)
    asking.email = email
    return asking


@handles(SetAccountPassword)
def set_account_password(work: Work, command: SetAccountPassword) -> None:
    """Keep it."""
    account = _own(work, command.account_id)
    account.password_hash = command.password_hash
    end_all(work, account.id, command.keep)
    note(work, "account-password-set" if command.password_hash else "account-password-dropped", "account", account.id)


@handles(ClaimCase)
def claim_case(work: Work, command: ClaimCase) -> None:
    """Put it there."""
    account = _own(work, command.account_id)
    mine = (InstanceRow.tenant == work.tenant, InstanceRow.id == command.instance_id)
    number = work.session.scalar(select(InstanceRow.business_key).where(*mine))
    if number is None:
        raise NotFound
    give_case(work, account.id, command.instance_id, "secret")
    note(work, "case-claimed", "case", number, {"kind": "secret"})


@handles(ClaimByEmail)
def claim_by_email(work: Work, command: ClaimByEmail) -> int:
    """Both have to fit: whoever wrote a wrong e-mail into a form must not have opened their case by it."""
    account = _own(work, command.account_id)
    if account.email is None or not fold(command.name):
        return 0
    claimed = select(AccountCaseRow.instance_id).where(AccountCaseRow.tenant == work.tenant)
    sent = (InstanceRow.tenant == work.tenant, func.lower(InstanceRow.applicant_email) == account.email)
    found = select(InstanceRow.id, InstanceRow.business_key, InstanceRow.applicant_name).where(*sent)
    rows = work.session.execute(found.where(InstanceRow.id.not_in(claimed)).order_by(InstanceRow.started_at)).all()
    fitting = [row for row in rows if fold(row.applicant_name) == fold(command.name)]
    for row in fitting:
        give_case(work, account.id, row.id, "email")
        note(work, "case-claimed", "case", row.business_key, {"kind": "email"})
    return len(fitting)


@handles(EndAccount)
def end_account(work: Work, command: EndAccount) -> Mapping[str, int]:
    """Delete it."""
    account = _account(work, command.account_id) if work.actor.kind == "system" else _own(work, command.account_id)
    if account is None:
        raise NotFound
    counts = _erase(work, account)
    note(work, "account-ended", "account", command.account_id, {"because": command.because} if command.because else {})
    return counts


def _erase(work: Work, account: AccountRow) -> dict[str, int]:
    """Delete an account with everything that is its; gives rows by table."""
    counts = {"live_session": end_all(work, account.id)}
    links = MailedLinkRow.account_id == account.id
    if account.email is not None:
        links = links | ((MailedLinkRow.email == account.email) & MailedLinkRow.person_id.is_(None))
    own_links = delete(MailedLinkRow).where(MailedLinkRow.tenant == work.tenant, links)
    counts["mailed_link"] = len(work.session.execute(own_links.returning(MailedLinkRow.id)).all())
    unsent = (DraftRow.tenant == work.tenant, DraftRow.account_id == account.id, DraftRow.instance_id.is_(None))
    drafts = work.session.scalars(select(DraftRow).where(*unsent)).all()
    for draft in drafts:
        drop_files(work, draft.id)
        work.session.delete(draft)
    theirs = (AccountCaseRow.tenant == work.tenant, AccountCaseRow.account_id == account.id)
    given = work.session.execute(delete(AccountCaseRow).where(*theirs).returning(AccountCaseRow.id)).all()
    counts |= {"draft": len(drafts), "account_case": len(given)}
    known = delete(IdentityRow).where(IdentityRow.tenant == work.tenant, IdentityRow.holder_id == account.id)
    counts["oidc_identity"] = len(work.session.execute(known.returning(IdentityRow.id)).all())
    work.session.delete(account)
    return counts | {"applicant_account": 1}


def _found(work: Work, which: ColumnElement[bool]) -> AccountRow | None:
    query = select(AccountRow).where(AccountRow.tenant == work.tenant, which)
    return work.session.scalar(query.with_for_update())


def _account(work: Work, account_id: str) -> AccountRow | None:
    return _found(work, AccountRow.id == account_id)


def _own(work: Work, account_id: str) -> AccountRow:
    """An account whose person gives the command."""
    if work.actor.kind != "applicant":
        raise NotAllowed
    account = _account(work, account_id)
    if account is None:
        raise NotFound
    return account
