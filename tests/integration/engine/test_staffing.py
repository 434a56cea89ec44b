"""People come, change and leave; what somebody who left held is done by others."""

from __future__ import annotations

import pytest

from engine.commands import AddToken, ArrangeSubstitution, ClaimTask, DelegateTask
from engine.errors import Conflict, NotAllowed, NotFound
from engine.model import ROLE_ADMIN, Actor
from engine.staffing import ChangePassword, ChangePerson, DeactivatePerson, HirePerson, ReactivatePerson
from engine.store.audit import AuditEventRow
from engine.store.people import PersonRow, TokenRow
from engine.store.substitutions import SubstitutionRow
from tests.integration.engine.test_substitution import TODAY, as_today, hire, one_task
from tests.integration.office import JANA, Office

ADMIN = Actor(kind="person", username="admin", groups=frozenset({ROLE_ADMIN}))


def test_the_tasks_of_somebody_who_left_go_back_to_their_group(engine_on: Office) -> None:
    hire(engine_on, petr="fees", jana="fees")
    engine_on.deploy(one_task('group="fees"'))
    engine_on.start()
    engine_on.do(ClaimTask, as_today(engine_on, "petr"), task_id=engine_on.open_task("a").id)
    engine_on.do(AddToken, ADMIN, username="petr", token_hash="0" * 64)
    left = engine_on.do(DeactivatePerson, ADMIN, username="petr")
    assert (left.returned, left.stranded) == (1, 0)
    task = engine_on.open_task("a")
    assert (task.state, task.assignee) == ("open", None)
    assert engine_on.rows(TokenRow) == []
    assert not engine_on.rows(PersonRow, username="petr")[0].active
    assert len(engine_on.rows(AuditEventRow, kind="deactivate-person", object_id="petr")) == 1
    engine_on.complete("a", by=as_today(engine_on, "jana"))


def test_a_task_only_they_could_do_waits_for_a_stand_in(engine_on: Office) -> None:
    hire(engine_on, petr="", jana="")
    engine_on.deploy(one_task('assignee="boss"'))
    engine_on.start(variables={"boss": "petr"})
    assert engine_on.do(DeactivatePerson, ADMIN, username="petr").stranded == 1
    days = {"begins_on": TODAY, "ends_on": TODAY}
    engine_on.do(ArrangeSubstitution, ADMIN, absent="petr", substitute="jana", **days)
    engine_on.complete("a", by=as_today(engine_on, "jana"))


def test_whoever_left_stands_in_for_nobody_and_gets_nothing_back(engine_on: Office) -> None:
    hire(engine_on, petr="fees", jana="fees")
    engine_on.deploy(one_task('group="fees"'))
    engine_on.start()
    petr = as_today(engine_on, "petr")
    engine_on.do(DelegateTask, petr, task_id=engine_on.open_task("a").id, username="jana", returns=True)
    days = {"begins_on": TODAY, "ends_on": TODAY}
    engine_on.do(ArrangeSubstitution, ADMIN, absent="jana", substitute="petr", **days)
    engine_on.do(ArrangeSubstitution, ADMIN, absent="petr", substitute="jana", **days)
    assert engine_on.do(DeactivatePerson, ADMIN, username="petr").substitutions == 1
    assert {row.substitute: row.cancelled_by for row in engine_on.rows(SubstitutionRow)} == {
        "petr": "admin",
        "jana": None,
    }
    task = engine_on.open_task("a")
    assert (task.assignee, task.returns_to) == ("jana", None)


def test_only_an_administrator_looks_after_people_and_never_locks_themselves_out(engine_on: Office) -> None:
    hire(engine_on, jana="", admin="")
    for command in (DeactivatePerson, ReactivatePerson):
        with pytest.raises(NotAllowed):
            engine_on.do(command, JANA, username="admin")
        with pytest.raises(NotFound):
            engine_on.do(command, ADMIN, username="nobody")
    with pytest.raises(NotAllowed):
        engine_on.do(DeactivatePerson, ADMIN, username="admin")
    with pytest.raises(NotAllowed):
        engine_on.do(ChangePerson, ADMIN, username="admin", name="A", email="", groups=[])
    with pytest.raises(NotAllowed):
        engine_on.do(HirePerson, JANA, username="eva", name="Eva")
    engine_on.do(HirePerson, ADMIN, username="eva", name="Eva", groups=["fees"])
    with pytest.raises(Conflict):
        engine_on.do(HirePerson, ADMIN, username="eva", name="Eva")


def test_a_deactivated_person_changes_no_password(engine_on: Office) -> None:
    hire(engine_on, jana="")
    engine_on.do(ChangePassword, JANA, password_hash="h")
    engine_on.do(DeactivatePerson, ADMIN, username="jana")
    with pytest.raises(NotAllowed):
        engine_on.do(ChangePassword, JANA, password_hash="other")
    assert engine_on.rows(PersonRow, username="jana")[0].password_hash == "h"
    engine_on.do(ReactivatePerson, ADMIN, username="jana")
    assert engine_on.rows(PersonRow, username="jana")[0].active
