"""The second wall between tenants: PostgreSQL gives and takes only rows of the tenant that its connection stands for.

The first one is in the queries, which name the tenant. This one holds when a query forgets to (ADR 017).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, text

from engine.store.prepared import as_if_through_sqlalchemy, driver_of, error_of

#: The setting of a connection that the policies read.
SETTING = "radnice.tenant"
#: Stands for all tenants; no tenant can have this key.
EVERY = "*"
#: A connection that was told nothing stands for nobody and sees nothing.
NOBODY = ""
#: Execution option of an engine: for whom its connections stand.
STANDS_FOR = "radnice_tenant"
#: Value of the option where sessions tell their connections themselves.
BY_SESSION = "by session"

_POLICY, _READING = "own_tenant", "read_by_all"
_TELL = f"SELECT set_config('{SETTING}', %s, false)"
_TELL_HERE = text(f"SELECT set_config('{SETTING}', :tenant, true)")
#: Looked up once a statement. A CASE, because planners take it for every second row and not for a rare one: queries
#: name the tenant besides, and rows must not be thought rare twice.
_TOLD = f"(SELECT current_setting('{SETTING}', true))"
_OWN = f"CASE WHEN {{column}} = {_TOLD} THEN true ELSE {_TOLD} = '{EVERY}' END"
_OPEN_TABLES = text(
    "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
    " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT a.attisdropped"
    " AND (a.attname = 'tenant' OR (c.relname, a.attname) IN (('tenant', 'key'), ('case_words', 'owner'),"
    " ('agenda_offer', 'offered_by'), ('agenda_offer_file', 'offered_by')))"
    " AND NOT (c.relrowsecurity AND c.relforcerowsecurity"
    " AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'own_tenant'))"
    " ORDER BY c.relname"
)
#: Words are read past the wall, or their index would not be used: they lead to ids of cases, which are behind it.
#: What organisations offer is offered to all.
_READ_BY_ALL = frozenset({"case_words", "agenda_offer", "agenda_offer_file"})
_UNBOUND = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")


def everybodys(database: Engine) -> Engine:
    """Give the same connections standing for all tenants: for backups, checks of all, steps of the schema."""
    return database.execution_options(**{STANDS_FOR: EVERY})


def stand_for(connection: Connection, tenant: str) -> None:
    """Let a connection see one tenant's rows from now on, until it is told otherwise; before its transaction begins.

    What a connection was told last is remembered with it, so that it is told again only when that changes.
    """
    if connection.dialect.name != "postgresql":
        return
    told = connection.connection.info
    if told.get(SETTING, NOBODY) == tenant:
        return
    driver = driver_of(connection)
    try:
        _outside_transactions(driver, tenant)
    except error_of(connection) as error:
        raise as_if_through_sqlalchemy(connection, _TELL, error) from error
    told[SETTING] = tenant


def stand_for_every(connection: Connection) -> None:
    """Let the transaction that is open see all tenants; it ends with it."""
    if connection.dialect.name == "postgresql":
        connection.execute(_TELL_HERE, {"tenant": EVERY})


def told_by_option(connection: Connection) -> None:
    """Tell a new connection what its engine's option says; without one it stands for nobody."""
    tenant = connection.get_execution_options().get(STANDS_FOR, NOBODY)
    if tenant != BY_SESSION:
        stand_for(connection, tenant)


def raise_wall(connection: Connection) -> None:
    """Put the policy on every table that has a tenant and no policy yet. Its owner is bound by it too."""
    if connection.dialect.name != "postgresql":
        return
    for table, column in connection.execute(_OPEN_TABLES).all():
        quoted = connection.dialect.identifier_preparer.quote(table)
        own = _OWN.format(column=column)
        for statement in (
            f"DROP POLICY IF EXISTS {_POLICY} ON {quoted}",
            f"CREATE POLICY {_POLICY} ON {quoted} USING ({own}) WITH CHECK ({own})",
            *_for_reading(table, quoted),
            f"ALTER TABLE {quoted} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {quoted} FORCE ROW LEVEL SECURITY",
        ):
            connection.exec_driver_sql(statement)


def _for_reading(table: str, quoted: str) -> list[str]:
    if table not in _READ_BY_ALL:
        return []
    return [
        f"DROP POLICY IF EXISTS {_READING} ON {quoted}",
        f"CREATE POLICY {_READING} ON {quoted} FOR SELECT USING (true)",
    ]


def is_open(connection: Connection) -> list[str]:
    """Give why the wall doesn't hold here: tables without it, or "role" where the role is not bound by it."""
    if connection.dialect.name != "postgresql":
        return []
    tables = [name for name, _ in connection.execute(_OPEN_TABLES).all()]
    return (["role"] if connection.scalar(_UNBOUND) else []) + tables


def _outside_transactions(driver: Any, tenant: str) -> None:
    # Inside one, a rollback would take it back and nobody would notice.
    within = not driver.autocommit
    if within:
        driver.autocommit = True
    try:
        driver.execute(_TELL, (tenant,))
    finally:
        if within and not driver.closed:
            driver.autocommit = False
