"""Every address × every role × own and foreign organisation gives what `matrix.txt` says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.web.desk import open_desk
from tests.integration.web.matrix import ROLES, Scene, calls, row, table
from web.limits import limiter


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with open_desk() as desk, pytest.MonkeyPatch.context() as patch:
        patch.setattr(limiter, "enabled", False)
        # Rights are measured here, not the token of the page, which test_pages_take_nothing_without_their_token is for.
        patch.setitem(desk.app.config, "WTF_CSRF_ENABLED", False)
        desk.begin()
        made = Scene(desk)
        made.build()
        yield made


def test_every_address_has_a_row_and_every_row_an_address(scene: Scene) -> None:
    told, there = table(), list(calls(scene.desk))
    missing = [call for call in there if call not in told]
    assert not missing, "add to matrix.txt:\n" + "\n".join(
        row(call, {role: scene.answer(call, role) for role in ROLES}) for call in missing
    )
    assert sorted(told) == sorted(there)


def test_every_role_gets_what_the_table_says(scene: Scene) -> None:
    wrong = []
    for call, expected in table().items():
        given = {role: scene.answer(call, role) for role in ROLES}
        if given != expected:
            wrong.append(f"expected {row(call, expected)}\nanswered {row(call, given)}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_pages_take_nothing_without_their_token(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(scene.desk.app.config, "WTF_CSRF_ENABLED", True)
    for call in calls(scene.desk):
        if not call.startswith("GET") and "/api/v1/" not in call:
            assert scene.answer(call, "operator") == "400", call
