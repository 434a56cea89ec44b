"""Which cases are an account's."""

from __future__ import annotations

from engine.accounts import How
from engine.handlers.work import Work
from engine.ids import new_id
from engine.store.accounts import AccountCaseRow, AccountRow
from engine.store.base import table_of
from engine.store.upsert import insert_new


def give_case(work: Work, account_id: str, instance_id: str, how: How) -> None:
    """Put a case among those of an account, where the account still is; once is enough."""
    account = work.session.get(AccountRow, account_id)
    if account is None or account.tenant != work.tenant:
        return
    work.session.flush()
    row = {"tenant": work.tenant, "account_id": account_id, "instance_id": instance_id}
    given = row | {"id": new_id(), "how": how, "added_at": work.now}
    insert_new(work.connection, table_of(AccountCaseRow), given, ("account_id", "instance_id"))
