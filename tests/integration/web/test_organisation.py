"""An organisation's administrator sets its look, host names, sender and the texts of its mails, and nobody else's."""

from __future__ import annotations

import io
from typing import Any

import pytest

from engine.model import SYSTEM
from processes.catalogue import load, to_command
from tests.integration.web.desk import FOREIGN_HOST, Desk
from web.cockpit.organisation import wrong_with_arms

PAGE = "/velin/organizace"
MAILS = "/velin/organizace/dopisy"
SHIELD = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path fill="#123456" d="M0 0h9v9z"/></svg>'
COLOURS = {
    **{"light_tenant": "#3d4a9e", "light_strong": "#2d377c", "light_soft": "#eceefa", "light_line": "#c3c9ec"},
    **{"light_on": "#ffffff", "dark_tenant": "#5563c4", "dark_strong": "#c0c8ff", "dark_soft": "#232845"},
    **{"dark_line": "#414a80", "dark_on": "#ffffff"},
}


def saved(desk: Desk, **said: Any) -> Any:
    return desk.post(PAGE, {"name": "Město", **COLOURS, **said})


def administrator(desk: Desk) -> None:
    desk.sign_in("spravce")


def test_what_the_administrator_sets_is_on_the_pages(desk: Desk) -> None:
    administrator(desk)
    arms = (io.BytesIO(SHIELD), "znak.svg")
    answer = saved(desk, name="Horní Lhota", subtitle_cs="Vaše obec", hosts="Urad.Lhota.example", arms=arms)
    assert answer.status_code == 303, answer.text
    public = desk.client.get("/", base_url="http://urad.lhota.example").text
    assert "Horní Lhota" in public and "Vaše obec" in public
    assert "#3d4a9e" in desk.get("/tenant.css")
    assert "#123456" in desk.get("/arms.svg")
    assert saved(desk, arms_away="1").status_code == 303
    assert "#123456" not in desk.get("/arms.svg")


def test_nobody_takes_the_host_of_somebody_else_or_of_the_installation(desk: Desk) -> None:
    administrator(desk)
    for host in (FOREIGN_HOST, FOREIGN_HOST.upper(), "not a host", "localhost/x"):
        answer = saved(desk, name="Zlý", hosts=host)
        assert answer.status_code == 422 and "Zlý" in answer.text, host
    assert "Jiné město" in desk.client.get("/", base_url=f"http://{FOREIGN_HOST}").text


def test_colours_that_cannot_be_read_and_wrong_addresses_come_back_at_their_place(desk: Desk) -> None:
    administrator(desk)
    answer = saved(desk, light_on="#3d4a9f", mail_from="nikdo", name="")
    assert answer.status_code == 422
    for sentence in ("malý kontrast", "podatelna@mesto.cz", "Napište název organizace."):
        assert sentence in answer.text


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<path onload="alert(1)"/>',
        '<a href="https://zly.example"><path/></a>',
        '<image href="https://zly.example/x.png"/>',
        '<use href="https://zly.example/x.svg#a"/>',
        '<rect fill="url(https://zly.example/#a)"/>',
        "<style>@import url(https://zly.example)</style>",
        "<foreignObject/>",
    ],
)
def test_arms_hold_only_drawing(desk: Desk, inside: str) -> None:
    with desk.app.test_request_context():
        assert wrong_with_arms(f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'.encode())
        assert wrong_with_arms(b"<!DOCTYPE svg [<!ENTITY x 'y'>]><svg xmlns='http://www.w3.org/2000/svg'/>")
        assert wrong_with_arms(b"GIF89a") and wrong_with_arms(SHIELD + b" " * 60_000)
        assert wrong_with_arms(SHIELD) == ""


def test_a_mail_is_reworded_refused_where_it_cannot_be_written_and_put_back(desk: Desk) -> None:
    administrator(desk)
    own = {"name": "notification", "text": "# Nový úkol {{ case.number }}\n\nZdraví {{ who }}."}
    assert desk.post(MAILS, own).status_code == 303
    page = desk.get(f"{MAILS}?text=notification")
    assert "Nový úkol PRI-2026-0001" in page and "Zdraví Jana Nováková." in page
    broken = desk.post(MAILS, {"name": "notification", "text": "# {{ who"})
    assert broken.status_code == 422 and "# {{ who" in broken.text
    assert desk.post(MAILS, {**own, "_go": "ours"}).status_code == 303
    assert "Zdraví" not in desk.get(f"{MAILS}?text=notification")
    assert desk.post(MAILS, {"name": "../../etc", "text": "# x"}).status_code == 404


def test_stray_money_goes_to_an_agenda_that_the_administrator_chooses(desk: Desk) -> None:
    administrator(desk)
    assert 'name="stray_money"' not in desk.get(PAGE), "there is only one that takes it"
    payments = load("payments")
    desk.stage.engine.execute(to_command(payments, payments.files, desk.stage.tenant, SYSTEM))
    assert "Platební portál</option>" in desk.get(PAGE)
    assert saved(desk, stray_money="payments").status_code == 303
    assert '<option value="payments" selected>' in desk.get(PAGE)
    wrong = saved(desk, stray_money="nothing")
    assert wrong.status_code == 422 and "Vyberte jednu z agend." in wrong.text
    assert '<option value="payments" selected>' in desk.get(PAGE)
