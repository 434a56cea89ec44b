"""One organisation sees nothing of another one, whatever address it tries."""

from __future__ import annotations

from collections.abc import Iterator

from werkzeug.routing import Rule

from engine.queries import cases, papers, payments
from tests.integration.web.desk import FOREIGN, FOREIGN_HOST, TOKEN, Desk, token
from tests.statements import statement

ROOMS = ("/prace/", "/velin/", "/api/v1/")
#: Bodies of programs; each route takes one of them.
BODIES = ({}, {"reason": "x"}, {"username": "spravce"}, {"data": {}})
#: Addresses that name no single thing, or one that every organisation has.
LISTS = ("/api/v1/data-stores/<key>/records", "/prace/papir/<agenda>/<process>")


def known_ids(desk: Desk, number: str) -> dict[str, str]:
    """Things of the first organisation, by the names addresses give them."""
    home, task = desk.stage.tenant, desk.task(number, "check")
    with desk.stage.sessions() as session:
        case = cases.case(session, home, number=number)
        return {
            "number": number,
            "instance_id": case.id,
            "task_id": task,
            "attachment_id": papers.attachments_of(session, home, instance_id=case.id)[0].id,
            "statement_id": payments.statements(session, home).items[0].id,
            "incident_id": "0000",
            "row_id": "0000",
            "wait": "w1",
            "intervention": "pozastavit",
            "key": "members",
            "record_id": "0000",
        }


def rules(desk: Desk) -> Iterator[tuple[Rule, str]]:
    """Every address of the office and of programs that names a thing, with each of its methods."""
    for rule in desk.app.url_map.iter_rules():
        if rule.rule.startswith(ROOMS) and rule.arguments and rule.rule not in LISTS:
            yield from ((rule, method) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))


def test_another_organisation_finds_nothing_by_any_id(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("hospodar")
    desk.upload(statement("1", 100))
    ids = known_ids(desk, number)
    desk.sign_in("spravce", FOREIGN_HOST)
    csrf = TOKEN.search(desk.get("/prace/ukoly"))
    assert csrf is not None
    program = {"Authorization": f"Bearer {token('spravce', FOREIGN)}"}
    tried = 0
    for rule, method in rules(desk):
        path = rule.rule
        for name in rule.arguments:
            path = path.replace(f"<{name}>", ids[name])
        if path.startswith("/api/"):
            answers = [desk.client.open(path, method=method, json=body, headers=program) for body in BODIES]
            statuses = {answer.status_code for answer in answers}
            assert 404 in statuses and statuses <= {404, 422}, (method, path, statuses)
        else:
            data = {"csrf_token": csrf[1], "reason": "x", "username": "spravce"} if method == "POST" else None
            answer = desk.client.open(path, method=method, data=data)
            assert answer.status_code == 404, (method, path, answer.status_code)
        tried += 1
    assert tried > 30
    desk.task(number, "check")


def test_lists_of_another_organisation_are_empty(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("spravce", FOREIGN_HOST)
    for page in ("/prace/ukoly?view=all", "/prace/pripady", f"/prace/pripady?q={number}", "/prace/banka", "/velin"):
        assert f"/prace/pripady/{number}" not in desk.get(page)
    program = {"Authorization": f"Bearer {token('spravce', FOREIGN)}"}
    for path in ("human-tasks", "process-instances", "incidents", "data-stores/members/records"):
        answer = desk.client.get(f"/api/v1/{path}", headers=program)
        assert (answer.get_json(), answer.headers["X-Total-Count"]) == ([], "0"), path


def test_a_cookie_of_one_organisation_is_worth_nothing_at_another(desk: Desk) -> None:
    desk.sign_in("spravce")
    cookie = desk.client.get_cookie("radnice", domain="localhost")
    assert cookie is not None
    desk.client.host = FOREIGN_HOST
    desk.client.set_cookie("radnice", cookie.value, domain=FOREIGN_HOST)
    assert desk.client.get("/prace/ukoly").status_code == 302
