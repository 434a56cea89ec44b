"""Tenants, people and tokens; one tenant's rows are nobody else's."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.commands import AddPerson, AddTenant, AddToken
from engine.errors import Conflict, NotAllowed, NotFound
from engine.model import ROLE_ADMIN, Actor
from engine.store.people import GroupMemberRow, PersonRow, TenantRow, TokenRow
from engine.store.session import read_sessions, see_as
from engine.store.wall import EVERY
from tests.integration.office import JANA, Office

ADMIN = Actor(kind="person", username="admin", groups=frozenset({ROLE_ADMIN}))


def test_a_person_is_brought_up_to_date_under_the_same_name(engine_on: Office) -> None:
    first = engine_on.do(AddPerson, ADMIN, username="eva", name="Eva", password_hash="h1", groups=["a", "b"])
    again = engine_on.do(AddPerson, ADMIN, username="eva", name="Eva Malá", groups=["b", "c"])
    (row,) = engine_on.rows(PersonRow)
    assert first == again == row.id
    assert (row.name, row.password_hash) == ("Eva Malá", "h1")
    assert sorted(member.group_key for member in engine_on.rows(GroupMemberRow)) == ["b", "c"]


def test_only_an_administrator_adds_people_and_tokens(engine_on: Office) -> None:
    with pytest.raises(NotAllowed):
        engine_on.do(AddPerson, JANA, username="eva", name="Eva")
    engine_on.do(AddPerson, ADMIN, username="eva", name="Eva")
    with pytest.raises(NotAllowed):
        engine_on.do(AddToken, JANA, username="eva", token_hash="0" * 64)
    engine_on.do(AddToken, ADMIN, username="eva", token_hash="0" * 64, label="script")
    assert engine_on.rows(TokenRow)[0].label == "script"
    with pytest.raises(NotFound):
        engine_on.do(AddToken, ADMIN, username="nobody", token_hash="1" * 64)


def test_only_the_installation_adds_a_tenant_and_only_once(engine_on: Office) -> None:
    with pytest.raises(NotAllowed):
        engine_on.do(AddTenant, ADMIN, name="x")
    with pytest.raises(Conflict):
        engine_on.do(AddTenant, name="x")
    assert len(engine_on.rows(TenantRow)) == 1


def test_a_session_of_a_tenant_sees_only_its_rows(engine_on: Office) -> None:
    engine_on.add_person("jana")
    engine_on.add_tenant("village")
    engine_on.tenant = "village"
    engine_on.add_person("petr")
    with read_sessions(engine_on.database, EVERY)() as session:
        see_as(session, "village")
        assert [row.username for row in session.execute(select(PersonRow)).scalars()] == ["petr"]
        assert session.execute(select(PersonRow.username)).scalars().all() == ["petr"]
        see_as(session, "town")
        assert session.execute(select(PersonRow.username)).scalars().all() == ["jana"]
