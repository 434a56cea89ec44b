"""The applicant's line of stations."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.diagram import Flow, HumanWork, Model, Node, StartForm
from engine.reading import read_model
from processes.catalogue import load
from web.stations import Visits, standing, stations

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def procedure() -> Model:
    """Submit, check (with a way back for completion), decide: granted and paid, or refused."""
    model = Model(processes=["grant"])
    body = Node(id="grant", kind="process", starts=["submit"], members=["submit"])
    model.nodes["grant"] = body
    kinds = {"submit": "startEvent", "check": "userTask", "complete": "callActivity", "decide": "userTask"}
    kinds |= {"pay": "userTask", "refuse": "endEvent"}
    names = {"submit": "Podání", "check": "Kontrola", "decide": "Rozhodnutí", "pay": "Výplata", "refuse": "Zamítnutí"}
    for node_id, kind in kinds.items():
        model.nodes[node_id] = Node(id=node_id, kind=kind, parent="grant", station=names.get(node_id))
    model.nodes["submit"].start = StartForm(form="application")
    model.nodes["check"].human = HumanWork(due="P5WD")
    model.nodes["complete"].called = "completion"
    model.nodes["completion"] = Node(id="completion", kind="process", starts=["mend"])
    model.nodes["mend"] = Node(id="mend", kind="userTask", parent="completion")
    ways = [("submit", "check"), ("check", "complete"), ("complete", "check"), ("check", "decide")]
    for source, target in [*ways, ("decide", "pay"), ("decide", "refuse")]:
        model.nodes[source].outgoing.append(Flow(id=f"{source}-{target}", source=source, target=target))
    return model


def told(visits: Visits, *, ended: bool = False) -> list[tuple[str, str]]:
    return [(stop.station.name, stop.state) for stop in standing(procedure(), "grant", visits, ended=ended)]


def test_a_service_shows_its_stations_in_the_order_of_the_diagram() -> None:
    found = stations(procedure(), "grant")
    assert [station.name for station in found] == ["Podání", "Kontrola", "Rozhodnutí", "Výplata", "Zamítnutí"]
    assert [station.yours for station in found] == [True, False, False, False, False]
    assert found[1].due == "P5WD"


def test_stations_of_a_called_process_come_before_what_follows_the_call() -> None:
    model = procedure()
    for node_id, name in {"mend": "Doplnění", "again": "Opravy"}.items():
        model.nodes[node_id] = Node(id=node_id, kind="userTask", parent="completion", station=name)
    model.nodes["mend"].outgoing.append(Flow(id="mend-again", source="mend", target="again"))
    model.nodes["check"].outgoing = [Flow(id="check-complete", source="check", target="complete")]
    model.nodes["complete"].outgoing = [Flow(id="complete-decide", source="complete", target="decide")]
    names = [station.name for station in stations(model, "grant")]
    assert names[:5] == ["Podání", "Kontrola", "Doplnění", "Opravy", "Rozhodnutí"]


def test_a_case_is_where_its_open_task_is() -> None:
    visits = Visits(passed={"submit": AT}, open={"check": AT})
    assert told(visits)[:3] == [("Podání", "done"), ("Kontrola", "now"), ("Rozhodnutí", "next")]
    assert standing(procedure(), "grant", visits, ended=False)[1].due == AT


def test_a_task_inside_a_called_process_keeps_the_way_onward() -> None:
    visits = Visits(passed={"submit": AT, "check": AT}, open={"complete": None, "mend": AT})
    assert ("Rozhodnutí", "next") in told(visits)


def test_a_case_that_ended_shows_only_where_it_was() -> None:
    visits = Visits(passed={"submit": AT, "check": AT, "decide": AT, "refuse": AT})
    assert told(visits, ended=True) == [
        ("Podání", "done"),
        ("Kontrola", "done"),
        ("Rozhodnutí", "done"),
        ("Zamítnutí", "done"),
    ]


def test_what_a_refused_case_can_no_longer_come_to_is_left_out() -> None:
    model = procedure()
    model.nodes["reasons"] = Node(id="reasons", kind="userTask", parent="grant", station="Rozhodnutí")
    model.nodes["decide"].outgoing.append(Flow(id="decide-reasons", source="decide", target="reasons"))
    visits = Visits(passed={"submit": AT, "check": AT, "decide": AT}, open={"reasons": AT})
    found = standing(model, "grant", visits, ended=False)
    assert [(stop.station.name, stop.state) for stop in found] == [
        ("Podání", "done"),
        ("Kontrola", "done"),
        ("Rozhodnutí", "now"),
    ]


def test_a_station_that_was_passed_by_is_left_out() -> None:
    visits = Visits(passed={"submit": AT}, open={"decide": None})
    assert "Kontrola" not in [name for name, _ in told(visits)]


def test_a_station_aside_is_not_announced_but_shown_to_whom_it_happens() -> None:
    model = procedure()
    model.nodes["refuse"].aside = True
    before = standing(model, "grant", Visits(passed={"submit": AT}, open={"check": AT}), ended=False)
    assert [stop.station.name for stop in before] == ["Podání", "Kontrola", "Rozhodnutí", "Výplata"]
    refused = standing(model, "grant", Visits(passed={"submit": AT, "refuse": AT}), ended=True)
    assert [(stop.station.name, stop.state) for stop in refused] == [("Podání", "done"), ("Zamítnutí", "done")]


def test_a_payer_is_not_told_beforehand_that_they_will_not_have_paid() -> None:
    model = read_model(load("payments").files["payment_order.bpmn"])
    waiting = Visits(passed={"cart_sent": AT}, open={"wait_money": AT})
    ahead = [stop.station.name for stop in standing(model, "payment_order", waiting, ended=False)]
    assert "Zaplaceno" in ahead and "Nezaplaceno" not in ahead
