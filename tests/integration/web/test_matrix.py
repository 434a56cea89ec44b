"""Every address × every role × own and foreign organisation gives what `matrix.txt` says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.integration.web.desk import open_desk
from tests.integration.web.matrix import ROLES, Scene, calls, row, table
from web.limits import limiter

#: Where authors write: what is not published is not yet what the office goes by.
STUDIO = "GET /studio"
#: Pages that are nothing but a form with which records are changed or brought in, or keys by which rows are sent.
CHANGING = re.compile(r"GET /prace/registry/<key>/(.*/)?(upravit|vyradit|novy|import.*|klice|stitky.pdf)$")
#: What people of the staff do for themselves, or what everybody may do as an applicant. Several tasks at once: 303 to
#: a sentence that says of each why it was refused.
OWN = {
    "POST /moje/vstup/odchod",
    "POST /odhlaseni",
    "POST /prace/druhy-faktor/zacit",
    "POST /prace/heslo/jinde",
    "POST /prace/pohledy",
    "POST /prace/ukoly/hromadne",
    "POST /prace/upozorneni",
    "POST /prace/upozorneni/nastaveni",
    "POST /prace/upozorneni/nastaveni/kalendar",
    "POST /prace/upozorneni/nastaveni/kalendar/zrusit",
    "POST /prace/zastupy",
    "POST /prihlaseni",
    "POST /prihlaseni/kod",
    "POST /sluzby/<agenda>/<process>/zadost",
}
#: What somebody began; nobody else sees it.
OF_ONE_PERSON = {"GET /prace/ukoly/hromadne/<batch_id>"}


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


def test_an_auditor_reads_what_others_work_with_and_changes_only_their_own_desk() -> None:
    for call, answers in table().items():
        if call in OF_ONE_PERSON:
            assert list(answers.values()).count("200") == 1, call
        elif call.startswith("GET"):
            worked = {answers[role] for role in ("member", "operator", "admin")}
            assert (
                answers["auditor"] == "200" or "200" not in worked or call.startswith(STUDIO) or CHANGING.match(call)
            ), call
        elif answers["auditor"][0] in "23":
            assert call in OWN, call


def test_pages_take_nothing_without_their_token(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(scene.desk.app.config, "WTF_CSRF_ENABLED", True)
    for call in calls(scene.desk):
        # Programs show a token or key of their own and no cookie.
        if not call.startswith("GET") and "/api/" not in call:
            assert scene.answer(call, "operator") == "400", call
