"""Changes that an office makes by itself in the studio, as the manuals list them; then the changed agenda is played.

For each agenda: one more step of approval and another question; another rule, fee or period for those that have a
table of it, another day or a field of a register for those that keep one. What the author downloads afterwards runs
on an empty stage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest
from lxml import etree

from engine.model import SYSTEM
from processes import catalogue
from processes.agenda import Agenda, parse_agenda
from processes.scenarios import play, read_scenarios
from processes.scenarios.reading import Scenario, Step
from tests.integration.web.desk import TOKEN, Desk
from web.stage import Theatre

VERSION = re.compile(r'name="version" value="(\d+)"')
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
RADNICE = "{https://radnice.cz/bpmn/1.0}"
#: The story of each agenda that changes touch, and one that they don't.
STORIES = {
    "grants": ("01_rada_45000", "11_vyzva_neschvalena"),
    "payments": ("16_vyuctovani.", "02_partner_odmitnut"),
    "vulnerabilities": ("06_tri_radky", "05_souhlas_odvolany"),
    "membership": ("01_prijeti", "03_zastupitelstvo"),
    "energy": ("01_konec_fixace", "12_rozdil"),
    "participatory_budget": ("04_malo_podpory", "05_rada_vyzvu"),
    "services": ("01_cityvizor_neclen", "08_vracena"),
    "budgets": ("01_vzorovy_soubor", "04_useknuty_soubor"),
}


def taken_up(desk: Desk, key: str) -> None:
    """Publish the agenda with these two stories and sign the author in."""
    agenda = catalogue.load(key)
    kept = {path: content for path, content in agenda.files.items() if not is_story(path) or wanted(key, path)}
    desk.stage.engine.execute(catalogue.to_command(agenda, kept, desk.stage.tenant, SYSTEM))
    desk.sign_in("autor")


def is_story(path: str) -> bool:
    return path.startswith("scenarios/") and path.endswith(".yaml") and not path.startswith("scenarios/_")


def wanted(key: str, path: str) -> bool:
    return any(name in path for name in STORIES[key])


def touched(key: str) -> str:
    """The path of the story that changes touch."""
    return next(one for one in catalogue.load(key).files if is_story(one) and STORIES[key][0] in one)


def saved(desk: Desk, page: str, text: str, **facts: str) -> None:
    """Save a file as the modeller or the editor of decisions does."""
    desk.post(f"{page}/otevrit", {}, page)
    html = desk.get(page)
    version, token = VERSION.search(html), TOKEN.search(html)
    fields = {"xml": text, "version": version[1] if version else "1", **facts}
    answer = desk.client.post(f"{page}/ulozit", data=fields, headers={"X-CSRFToken": token[1] if token else ""})
    assert answer.status_code == 200, answer.text


def published(desk: Desk, page: str, leave: str | list[str] = "") -> int:
    """Press Publish; `leave` are stories that tell how it used to be. Gives the status."""
    version = VERSION.search(desk.get(f"{page}/zverejnit"))
    fields = {"version": version[1] if version else ""} | ({"leave": leave} if leave else {})
    return desk.post(f"{page}/zverejnit", fields, f"{page}/zverejnit").status_code


def downloaded(desk: Desk, key: str) -> Agenda:
    answer = desk.client.get(f"/studio/{key}.zip")
    assert answer.status_code == 200
    return parse_agenda(catalogue.unpack(answer.data))


def told(agenda: Agenda, story: Callable[[Scenario], Scenario] = lambda one: one) -> tuple[str, str]:
    """Play the changed agenda on an empty stage: the touched story, as it used to be told or anew, and the other.

    Gives what is wrong with each.
    """
    path = touched(agenda.key)
    changed = parse_agenda({**agenda.files, path: catalogue.load(agenda.key).files[path]})
    with Theatre() as theatre:
        problems = [
            (one.path, play(story(one) if one.path == path else one, changed, theatre.stage(changed, one.parameters)))
            for one in read_scenarios(changed)
        ]
    (mine,) = [outcome.problem for name, outcome in problems if name == path]
    other = "".join(outcome.problem for name, outcome in problems if name != path)
    return mine, other


def comes_out(desk: Desk, key: str, page: str, says: str) -> Agenda:
    """Publish where only the touched story stops it; the new version does what was wanted, the rest as before."""
    assert published(desk, page) == 422
    assert published(desk, page, leave="scenarios/nothing.yaml") == 422
    assert published(desk, page, leave=touched(key)) == 303
    agenda = downloaded(desk, key)
    assert touched(key) not in agenda.files
    mine, other = told(agenda)
    assert says in mine
    assert other == ""
    return agenda


# --- another fee, period or rule: a table ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "table", "was", "now", "says"),
    [
        ("membership", "membership_fee", "inhabitants * 3<", "inhabitants * 4<", "10160"),
        ("vulnerabilities", "remedy_terms", "P7D", "P3D", "2026-03-05"),
        (
            "grants",
            "approval_authority",
            '<text>&lt;= 50000</text></inputEntry>\n        <inputEntry id="approval_authority_rule_1_3">',
            '<text>&lt;= 40000</text></inputEntry>\n        <inputEntry id="approval_authority_rule_1_3">',
            "",
        ),
        (
            "energy",
            "energy_authority",
            '<text>]50000..2000000]</text></inputEntry>\n        <inputEntry id="energy_authority_rule_2_2"><text>true',
            '<text>]50000..300000]</text></inputEntry>\n        <inputEntry id="energy_authority_rule_2_2"><text>true',
            "assembly",
        ),
    ],
    ids=["membership", "vulnerabilities", "grants", "energy"],
)
def test_another_rule(desk: Desk, key: str, table: str, was: str, now: str, says: str) -> None:
    taken_up(desk, key)
    page = f"/studio/{key}/rozhodnuti/{table}"
    text = catalogue.load(key).files[f"{table}.dmn"].decode()
    assert text.count(was) == 1
    saved(desk, page, text.replace(was, now))
    comes_out(desk, key, page, says)


# --- one more step of approval: a diagram ----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Approval:
    """One more step on a flow of a diagram, who does it, and where in the story they do."""

    diagram: str
    flow: str
    group: str
    by: str
    #: The steps of the story after each of which, or with "before", right before which it is done.
    at: tuple[str, str]
    before: bool = False
    #: The process whose case it is, where that isn't the story's.
    of: str = ""
    differs_from: str = ""


APPROVALS = {
    "membership": Approval(
        diagram="membership", flow="render_welcome__send_welcome", group="secretariat", by="sekretarka", at=("pay", "")
    ),
    "grants": Approval(
        diagram="grant_contract",
        flow="set_signature__send_contract",
        group="grants",
        by="dotace",
        at=("answer", "sign_applicant"),
        before=True,
    ),
    "payments": Approval(
        diagram="settlement",
        flow="settlement_way__find_items_again",
        group="operators",
        by="spravkyne",
        at=("answer", "approve_settlement"),
        of="settlement",
        differs_from="approve_settlement",
    ),
    "vulnerabilities": Approval(
        diagram="finding", flow="plan__notify", group="security", by="analytik", at=("answer", "triage"), of="finding"
    ),
    "energy": Approval(
        diagram="renewal",
        flow="is_approved__sign",
        group="energy",
        by="energetik",
        at=("answer", "decide"),
        of="renewal",
    ),
    "participatory_budget": Approval(
        diagram="pb_call", flow="call_approved__save_call", group="council", by="radni", at=("answer", "approve_call")
    ),
    "services": Approval(
        diagram="service_order",
        flow="render_agreement__send_agreement",
        group="treasurer",
        by="hospodar",
        at=("answer", "confirm"),
    ),
    "budgets": Approval(
        diagram="budget_import",
        flow="is_approved__find_again",
        group="budget",
        by="rozpoctar",
        at=("answer", "approve"),
        differs_from="approve",
    ),
}


@pytest.mark.parametrize("key", APPROVALS)
def test_one_more_approval(desk: Desk, key: str) -> None:
    taken_up(desk, key)
    more = APPROVALS[key]
    page = f"/studio/{key}/diagramy/{more.diagram}"
    saved(desk, page, drawn(catalogue.load(key).files[f"{more.diagram}.bpmn"], more))
    agenda = comes_out(desk, key, page, "")
    mine, other = told(agenda, lambda story: with_approval(story, more))
    assert (mine, other) == ("", "")


def drawn(content: bytes, more: Approval) -> str:
    """What an author draws: a task of a group on a flow, in the lane of where the flow comes from."""
    root = etree.fromstring(content)
    flow = next(one for one in root.iter(f"{BPMN}sequenceFlow") if one.get("id") == more.flow)
    source, target = flow.get("sourceRef"), flow.get("targetRef")
    container = flow.getparent()
    assert container is not None
    task = etree.SubElement(container, f"{BPMN}userTask", id="second_approval", name="Schválit podruhé")
    facts = {"group": more.group, "audience": "staff"} | (
        {"differsFrom": more.differs_from} if more.differs_from else {}
    )
    etree.SubElement(etree.SubElement(task, f"{BPMN}extensionElements"), f"{RADNICE}task", facts)
    etree.SubElement(task, f"{BPMN}incoming").text = more.flow
    etree.SubElement(task, f"{BPMN}outgoing").text = "second_way"
    flow.set("targetRef", "second_approval")
    facts = {"id": "second_way", "sourceRef": "second_approval", "targetRef": str(target)}
    etree.SubElement(container, f"{BPMN}sequenceFlow", facts)
    after = next(one for one in root.iter() if one.get("id") == target)
    next(one for one in after.iter(f"{BPMN}incoming") if one.text == more.flow).text = "second_way"
    named = next(one for one in root.iter(f"{BPMN}flowNodeRef") if one.text == source)
    lane = named.getparent()
    assert lane is not None
    etree.SubElement(lane, f"{BPMN}flowNodeRef").text = "second_approval"
    plane = next(root.iter(f"{DI}BPMNPlane"))
    shape = etree.SubElement(plane, f"{DI}BPMNShape", id="second_di", bpmnElement="second_approval")
    etree.SubElement(shape, BOUNDS, x="900", y="500", width="100", height="80")
    edge = etree.SubElement(plane, f"{DI}BPMNEdge", id="second_way_di", bpmnElement="second_way")
    for x in ("1000", "1100"):
        etree.SubElement(edge, WAYPOINT, x=x, y="540")
    return etree.tostring(root, encoding="unicode")


def with_approval(story: Scenario, more: Approval) -> Scenario:
    """The story as it is told from now on: somebody does the new step too."""
    step = Step(kind="answer", what="second_approval", words={"by": more.by} | ({"in": more.of} if more.of else {}))
    steps = list(story.steps)
    found = [n for n, one in enumerate(steps) if one.kind == more.at[0] and more.at[1] in ("", str(one.what))]
    for at in reversed(found):
        steps.insert(before_expectations(steps, at) if more.before else at + 1, step)
    return replace(story, steps=tuple(steps))


def before_expectations(steps: Sequence[Step], at: int) -> int:
    """The place before what is looked at right before a step."""
    while steps[at - 1].kind == "expect":
        at -= 1
    return at


# --- another question: a form ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "form"),
    [
        ("grants", "application"),
        ("membership", "application"),
        ("payments", "settlement_request"),
        ("vulnerabilities", "triage"),
        ("energy", "strategy"),
        ("participatory_budget", "call"),
        ("services", "delivery"),
        ("budgets", "approve"),
    ],
)
def test_another_question(desk: Desk, key: str, form: str) -> None:
    taken_up(desk, key)
    label = "Kdo to předtím viděl?"
    page = f"/studio/{key}/formulare/{form}"
    desk.post(f"{page}/otevrit", {}, f"{page}/zverejneny")
    for verb, place, said in (
        ("add", "", {"label": label, "kind": "text"}),
        ("details", "/properties/kdo_to_predtim_videl", {"k:required:shown": "1", "k:required": "1"}),
    ):
        version = VERSION.search(desk.get(page))
        fields = {"edit": verb, "place": place, "version": version[1] if version else "", "k:title": label, **said}
        assert desk.post(f"{page}/uprava", fields, f"{page}?pole={place}").status_code == 303
    # Stories of these two begin with the same form.
    same = key in ("membership", "participatory_budget")
    old = [one for one in catalogue.load(key).files if is_story(one) and wanted(key, one)] if same else [touched(key)]
    assert published(desk, page) == 422
    assert published(desk, page, leave=old) == 303
    agenda = downloaded(desk, key)
    assert not set(old) & set(agenda.files)
    mine, other = told(agenda)
    assert label in mine
    assert other == ""


# --- when a case begins, what a register keeps -----------------------------------------------------------------------


def test_a_renewal_begins_sooner_or_later(desk: Desk) -> None:
    taken_up(desk, "energy")
    page = "/studio/energy/registry/contracts"
    text = catalogue.load("energy").files["registers/contracts.json"].decode()
    assert text.count('"P180D"') == 1
    saved(desk, page, text.replace('"P180D"', '"P150D"'))
    comes_out(desk, "energy", page, "renewal")
