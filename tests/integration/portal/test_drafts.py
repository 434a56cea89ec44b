"""What is being written: saved quietly, from several windows and people, over versions of the form, until its end."""

from __future__ import annotations

import io
import json
import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.commands import Deploy, SaveRecord
from engine.model import SYSTEM
from tests.integration.portal.conftest import BEGIN, token_of, writes
from tests.integration.portal.drafting import TENANT, publish, saved
from web.bootstrap import Parts

ASK = b"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:radnice="https://radnice.cz/bpmn/1.0" id="file" targetNamespace="https://radnice.cz/dogs">
  <bpmn:process id="dogs" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:extensionElements><radnice:start form="application" audience="public"/>
    </bpmn:extensionElements><bpmn:outgoing>on</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="on" sourceRef="begin" targetRef="end"/>
    <bpmn:endEvent id="end"><bpmn:incoming>on</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>
"""


def hidden(page: TestResponse, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.get_data(as_text=True))
    assert found, page.get_data(as_text=True)[:2000]
    return found[1]


def read(page: TestResponse) -> str:
    return unescape(page.get_data(as_text=True)).replace("\u00a0", " ")


def test_a_page_is_saved_quietly_into_one_draft(client: FlaskClient, parts: Parts, draft: str) -> None:
    again = writes(client, BEGIN, "keep", _draft=draft, **{"/name": "Obec Dolní"})
    assert again.get_json()["draft"] == draft
    assert re.fullmatch(r"uloženo \d+:\d\d", again.get_json()["saved"])
    assert saved(parts, draft)["name"] == "Obec Dolní"
    assert client.get(again.get_json()["address"]).location.startswith(f"/podani/{draft}/")
    assert read(client.get("/")).count("rozepsané") <= 2


def test_two_windows_do_not_overwrite_each_other_silently(client: FlaskClient, parts: Parts, draft: str) -> None:
    path = f"/podani/{draft}/town"
    one, other = client.get(path), client.get(path)
    first = {"_seen": hidden(one, "_seen"), "_tab": "one"}
    second = {"_seen": hidden(other, "_seen"), "_tab": "other"}
    assert writes(client, path, "keep", **first, **{"/name": "První"}).status_code == 200
    # The first window saves again although its page still says the old number.
    assert writes(client, path, "keep", **first, **{"/name": "První znovu"}).status_code == 200
    told = writes(client, path, "keep", **second, **{"/name": "Druhá"})
    assert told.status_code == 409
    assert "v jiném okně" in told.get_json()["overtaken"]
    page = writes(client, path, "continue", **second, **{"/name": "Druhá"})
    assert page.status_code == 409
    assert 'value="Druhá"' in page.get_data(as_text=True)
    assert saved(parts, draft)["name"] == "První znovu"
    knowing = {"_seen": hidden(page, "_seen"), "_tab": "other"}
    assert writes(client, path, "save", **knowing, **{"/name": "Druhá"}).status_code == 303
    assert saved(parts, draft)["name"] == "Druhá"


def test_a_file_of_an_overtaken_page_is_asked_for_again(client: FlaskClient, draft: str) -> None:
    writes(client, f"/podani/{draft}/town", "keep", **{"/subject_kind": "town"})
    path = f"/podani/{draft}/resolution"
    seen = hidden(client.get(path), "_seen")
    writes(client, path, "keep", _tab="other", _seen=seen, **{"/resolution/number": "1"})
    upload = (io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "a.pdf")
    answers = {"/council_decided": "yes", "/resolution/number": "1", "/resolution/file": upload}
    page = writes(client, path, "continue", _seen=seen, _tab="one", **answers)
    assert page.status_code == 409
    assert "vyberte ho prosím znovu" in read(page)


@pytest.mark.parametrize("seen", ["-1", "x", "9" * 400, "²", "", "1e3"])
def test_a_strange_number_of_the_saving_harms_nothing(client: FlaskClient, draft: str, seen: str) -> None:
    answer = writes(client, f"/podani/{draft}/town", "keep", _seen=seen, _tab="x" * 5000)
    assert answer.status_code in (200, 409)


# --- together --------------------------------------------------------------------------------------------------------


def shared(client: FlaskClient, draft: str) -> str:
    page = client.post(
        f"/podani/{draft}/sdilet", data={"csrf_token": token_of(client.get(BEGIN))}, follow_redirects=True
    )
    found = re.findall(r'class="wrap-any" href="[^"]*(/podani/pokracovat[^"]+)"', unescape(page.get_data(as_text=True)))
    return str(found[-1])


def test_a_colleague_writes_by_a_link_of_their_own_and_cannot_send(
    app: Flask, client: FlaskClient, parts: Parts, draft: str
) -> None:
    link = shared(client, draft)
    colleague = app.test_client()
    assert colleague.get(link).status_code == 303
    writes(colleague, f"/podani/{draft}/town", "save", **{"/name": "Od kolegyně"})
    assert saved(parts, draft)["name"] == "Od kolegyně"
    assert "Odeslat nebo zahodit ho může jen on" in read(colleague.get(f"/podani/{draft}/kontrola"))
    for verb in ("kontrola", "zahodit", "sdilet", "nesdilet"):
        assert writes(colleague, f"/podani/{draft}/{verb}", "").status_code == 403
    writes(client, f"/podani/{draft}/nesdilet", "")
    assert colleague.get(f"/podani/{draft}/town").status_code == 404
    assert app.test_client().get(link).status_code == 404
    assert client.get(f"/podani/{draft}/town").status_code == 200


def test_nobody_sends_what_a_helper_has_changed_since_it_was_read(
    app: Flask, client: FlaskClient, parts: Parts, draft: str
) -> None:
    colleague = app.test_client()
    colleague.get(shared(client, draft))
    check = f"/podani/{draft}/kontrola"
    seen = hidden(client.get(check), "_seen")
    writes(colleague, f"/podani/{draft}/town", "save", **{"/name": "Jiné jméno"})
    answer = writes(client, check, "", _seen=seen)
    assert answer.status_code == 409
    assert "podání někdo změnil" in read(answer)
    assert "Jiné jméno" in read(answer)
    assert hidden(answer, "_seen") != seen


def test_a_new_link_for_others_ends_the_old_one(app: Flask, client: FlaskClient, draft: str) -> None:
    old, new = shared(client, draft), shared(client, draft)
    assert old != new
    assert app.test_client().get(old).status_code == 404
    assert app.test_client().get(new).status_code == 303


# --- another version -------------------------------------------------------------------------------------------------


def offer_another(parts: Parts) -> str:
    """Offer a service of another agenda, whose form has other pages; gives its address."""
    toml = b'key = "dogs"\n[title]\ncs = "Psi"\n[[services]]\nprocess = "dogs"\ntitle.cs = "Pes"\nsummary.cs = "Pes"\n'
    form = {"type": "object", "properties": {"dog": {"type": "string", "title": "Pes"}}}
    files = {"agenda.toml": toml, "dogs.bpmn": ASK, "forms/application.json": json.dumps(form).encode()}
    parts.engine.execute(Deploy(tenant=TENANT, actor=SYSTEM, agenda="dogs", title={"cs": "Psi"}, files=files))
    return "/sluzby/dogs/dogs/zadost"


def test_a_draft_of_one_service_is_not_read_by_the_pages_of_another(
    client: FlaskClient, parts: Parts, draft: str
) -> None:
    answer = writes(client, offer_another(parts), "keep", _draft=draft, **{"/name": "Obec Dolní"})
    assert answer.get_json()["draft"] == draft
    assert saved(parts, draft)["name"] == "Obec Dolní"


def test_a_new_version_of_the_form_takes_the_answers_over_and_tells_what_changed(
    client: FlaskClient, parts: Parts, draft: str
) -> None:
    def change(schema: dict[str, Any]) -> None:
        place = schema["properties"]
        place["nickname"] = {"type": "string", "title": "Přezdívka obce"}
        place["town_name"] = {**place.pop("name"), "x-was": "name"}
        text = json.dumps(schema).replace('"/name"', '"/town_name"').replace('"name"', '"town_name"')
        schema.clear()
        schema.update(json.loads(text))
        schema["properties"]["town_name"]["x-was"] = "name"

    publish(parts, change)
    page = read(client.get(f"/podani/{draft}", follow_redirects=True))
    assert "Formulář se od té doby, co jste do něj psali, změnil" in page
    assert "Přezdívka obce" in page
    assert 'value="Obec Horní Dolní"' in page
    assert saved(parts, draft)["name"] == "Obec Horní Dolní"
    writes(client, f"/podani/{draft}/town", "save", **{"/town_name": "Obec Horní Dolní"})
    assert saved(parts, draft)["town_name"] == "Obec Horní Dolní"
    assert "Přezdívka obce" in read(client.get(f"/podani/{draft}/kontrola"))
    writes(client, f"/podani/{draft}/town", "noted", **{"/town_name": "Obec Horní Dolní"})
    assert "Formulář se od té doby" not in read(client.get(f"/podani/{draft}/town"))


def test_an_answer_that_is_not_asked_any_more_is_told_with_what_was_written(
    client: FlaskClient, parts: Parts, draft: str
) -> None:
    def change(schema: dict[str, Any]) -> None:
        text = json.dumps(schema).replace('"/name"', '"/called"').replace('"name"', '"called"')
        schema.clear()
        schema.update(json.loads(text))

    publish(parts, change)
    page = read(client.get(f"/podani/{draft}", follow_redirects=True))
    assert "Na toto se už neptáme" in page
    assert ": Obec Horní Dolní" in page


# --- choices from a register -----------------------------------------------------------------------------------------


def choosing(schema: dict[str, Any]) -> None:
    source = {"register": "members", "value": "name", "label": "name"}
    schema["properties"]["neighbour"] = {"type": "string", "title": "Soused", "x-options": source}
    schema["properties"]["spy"] = {"type": "string", "title": "Tajné", "x-options": {**source, "value": "email"}}
    schema["x-steps"][0]["fields"] += ["/neighbour", "/spy"]


def test_a_record_of_a_public_register_is_chosen_by_its_name(client: FlaskClient, parts: Parts, draft: str) -> None:
    record = {"ico": "00276057", "kind": "regular", "since": "2026-07-01", "state": "active"}
    for ico, name in (("00276057", "Město Rokytnice"), ("05129061", "Město Říčany")):
        data = {**record, "ico": ico, "name": name, "email": "soukromy@rokytnice.example"}
        parts.engine.execute(SaveRecord(tenant=TENANT, actor=SYSTEM, register="members", data=data))
    publish(parts, choosing)
    path = f"/podani/{draft}/town"
    page = read(writes(client, path, "continue", **{"/neighbour": "mesto", "/spy": "soukromy@rokytnice.example"}))
    assert "Soused: vyberte pod polem, co jste měli na mysli" in page
    radios = re.findall(r'type="radio" name="/neighbour"[^>]*value="([^"]+)"', page)
    assert sorted(radios) == ["Město Rokytnice", "Město Říčany"]
    assert "Tajné: „soukromy@rokytnice.example“ v seznamu není" in page
    assert "Soused: „xyz“ v seznamu není" in read(writes(client, path, "continue", **{"/neighbour": "xyz"}))
    writes(client, path, "save", **{"/neighbour": "mesto ricany"})
    assert saved(parts, draft)["neighbour"] == "Město Říčany"
    asking = "/registry/members/nabidka?label=name&q=rok&value="
    assert client.get(asking + "name").get_json() == {"names": ["Město Rokytnice"]}
    assert client.get(asking + "email").status_code == 404
    assert client.get("/registry/nothing/nabidka?label=name&value=name&q=a").status_code == 404


def asking(schema: dict[str, Any]) -> None:
    schema["x-registers"] = ["members"]
    properties = schema["properties"]
    properties["near"] = {"type": "string", "title": "Kdo"}
    for name, expression in {
        "kin": "find('members', name=near)[0]['kind']",
        "spied": "find('members', email='soukromy@rokytnice.example')[0]['name']",
        "stolen": "find('dogs')[0]['name']",
    }.items():
        properties[name] = {"type": "string", "title": name, "x-computed": expression}
    schema["x-rules"] = [{"check": "not near or find('members', name=near)", "at": "/near", "message": "Toho neznáme."}]
    schema["x-steps"][0]["fields"] += ["/near", "/kin", "/spied", "/stolen"]


def test_values_and_rules_ask_what_is_public_of_the_registers_the_form_names(
    client: FlaskClient, parts: Parts, draft: str
) -> None:
    record = {"ico": "00276057", "kind": "regular", "since": "2026-07-01", "state": "active"}
    data = {**record, "name": "Město Rokytnice", "email": "soukromy@rokytnice.example"}
    parts.engine.execute(SaveRecord(tenant=TENANT, actor=SYSTEM, register="members", data=data))
    publish(parts, asking)
    path = f"/podani/{draft}/town"
    for near, kin in {"Město Rokytnice": "regular", "nikdo": None, "a\x07b": None}.items():
        writes(client, path, "save", **{"/near": near, "/kin": "honorary", "/x-registers": "dogs"})
        kept = saved(parts, draft)
        assert (kept.get("kin"), kept.get("spied"), kept.get("stolen")) == (kin, None, None)
    assert "Toho neznáme." in read(writes(client, path, "continue", **{"/near": "nikdo"}))
    assert "Toho neznáme." not in read(writes(client, path, "continue", **{"/near": "Město Rokytnice"}))
