"""Everything that can be said of an agenda before it is published: manifest, diagrams, tables, forms, templates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from engine.check import ConnectorFacts, Surroundings, check_agenda
from engine.diagram import Problem
from engine.errors import EngineError, Invalid
from engine.expressions import problem_in
from engine.handlers.inside import INSIDE, InsideEffect
from engine.model import ROLES
from engine.queries.lookups import DECLARED
from engine.reading import read_model
from engine.reading.nodes import RECEIVING
from engine.registers.definitions import Register, read_register
from engine.registers.shape import IDLE, definition_in, groups_named, shape_problems
from forms.compile import compile_form
from forms.errors import FormSchemaError
from forms.problems import problems as odd_in
from integrations.registry import CONNECTORS
from processes.agenda import MANIFEST, Agenda, AgendaRefused, parse_agenda
from processes.documents import template_problems
from processes.scenarios import BadScenario, read_scenarios
from processes.untranslated import is_damaged, lacks
from processes.words import languages, path_of
from web.form_registers import Public, faults_of, foreign, lookup_faults, public_fields_in
from web.inspected_pages import pages
from web.studio.naming import strange_names


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What a register may set off in its agenda."""

    processes: frozenset[str]
    messages: frozenset[str]


#: Key of an agenda → messages that begin processes of the organisation's other agendas, with those.
Elsewhere = Callable[[str], Mapping[str, Mapping[str, str]]]


def inspect(
    files: Mapping[str, bytes], lang: str = "cs", *, loose: bool = False, elsewhere: Elsewhere | None = None
) -> list[Problem]:
    """Give all problems of an agenda, errors first. Never raises for a bad one.

    `loose`: the files came without a manifest, so nothing says which groups there are. `elsewhere`: where it is to be
    published; None where nobody knows.
    """
    try:
        agenda = parse_agenda(files, lang)
    except AgendaRefused as refused:
        return list(refused.problems)
    drawn = {path: content for path, content in files.items() if path != MANIFEST} if loose else files
    around = Surroundings(
        connectors=connector_facts(), begun_elsewhere=elsewhere(agenda.key) if elsewhere is not None else {}
    )
    problems = check_agenda(drawn, around, lang=lang)
    problems += [
        *_forms(agenda),
        *_registers(agenda, None if loose else frozenset(agenda.groups) | ROLES),
        *_templates(agenda),
        *_scenarios(agenda),
        *_services(agenda),
        *pages(agenda, None if loose else frozenset(agenda.groups) | ROLES),
    ]
    problems += _words(agenda, lang)
    return sorted(problems, key=lambda problem: ("error", "warning", "hint").index(problem.severity))


def inside_actions() -> Mapping[str, InsideEffect]:
    """Give the actions that are done in the office itself, in the step of the case, by name."""
    return INSIDE


def connector_facts() -> dict[str, ConnectorFacts]:
    """Give every action a diagram may name: inside effects and connectors, with their parameters."""
    inside = {
        name: ConnectorFacts(required=frozenset(effect.needs), optional=frozenset(effect.takes))
        for name, effect in inside_actions().items()
    }
    outside = {name: _outside_facts(connector.parameters) for name, connector in CONNECTORS.items()}
    return inside | outside


def _outside_facts(schema: Mapping[str, object]) -> ConnectorFacts:
    required, properties = schema.get("required"), schema.get("properties")
    needs = frozenset(map(str, required)) if isinstance(required, list) else frozenset()
    takes = frozenset(map(str, properties)) if isinstance(properties, dict) else frozenset()
    return ConnectorFacts(required=needs, optional=takes - needs, open=bool(schema.get("additionalProperties", True)))


def _forms(agenda: Agenda) -> Iterator[Problem]:
    for key, schema in agenda.forms.items():
        yield from form_problems(schema, f"forms/{key}.json", public_fields_in(agenda.files, agenda.registers))


def form_problems(schema: Any, file: str, registers: Public | None = None) -> Iterator[Problem]:
    """Check one form: whether it can be asked, and what its author should look at.

    `registers`: public fields of the agenda's registers; None where they aren't at hand.
    """
    try:
        form = compile_form(schema)
    except FormSchemaError as error:
        yield Problem("error", "form-schema", error.pointer, str(error), file)
        return
    declared = schema.get(DECLARED) if isinstance(schema, Mapping) else None
    yield from (Problem("error", "form-register", f"/{DECLARED}", said, file) for said in faults_of(declared))
    for key in foreign(declared, registers):
        said = f"The agenda has no register {key}; another agenda has to publish it."
        yield Problem("warning", "form-register", f"/{DECLARED}", said, file)
    asking = partial(lookup_faults, declared=declared, registers=registers)
    names = {name for one in form.graph.every() for name in [*one.get("properties", {}), *one.get("required", [])]}

    def faults(text: str) -> list[str]:
        strange = [f"No question is called {name}." for name in strange_names(text, names)]
        return [*asking(text), *strange]

    for one in odd_in(form, problem_in, faults):
        yield Problem(one.severity, one.rule, one.pointer, one.message, file)


def _registers(agenda: Agenda, groups: frozenset[str] | None) -> Iterator[Problem]:
    heard = _heard(agenda)
    for key in agenda.registers:
        file = f"registers/{key}.json"
        try:
            definition = definition_in(file, agenda.files)
        except Invalid as error:
            yield Problem("error", "register", None, str(error), file)
        else:
            yield from register_problems(definition, file, groups, heard)


def _heard(agenda: Agenda) -> Heard:
    """Give what the diagrams of an agenda listen to; nothing is said of them where one can't be read."""
    processes: set[str] = set()
    messages: set[str] = set()
    for path in agenda.diagrams:
        try:
            model = read_model(agenda.files[path])
        except EngineError:
            continue
        processes |= set(model.processes)
        listening = [node for node in model.nodes.values() if node.kind in RECEIVING]
        triggers = [trigger for node in listening for trigger in node.triggers]
        messages |= {trigger.name or "" for trigger in triggers if trigger.kind == "message"}
    return Heard(processes=frozenset(processes), messages=frozenset(messages))


def register_problems(
    definition: Mapping[str, Any], file: str, groups: frozenset[str] | None, heard: Heard | None = None
) -> Iterator[Problem]:
    """Check one register: its shape, the fields and groups it names, and what of it nothing carries out yet."""
    if wrong := shape_problems(definition):
        yield from (Problem("error", "register", None, sentence, file) for sentence in wrong)
        return
    try:
        register = read_register(definition)
    except Invalid as error:
        yield Problem("error", "register", None, str(error), file)
    else:
        yield from _watches(register, file, heard)
    for name in sorted(groups_named(definition) - groups) if groups is not None else ():
        yield Problem("error", "register", None, f"The agenda has no group {name}; add it.", file)
    for part in IDLE:
        if definition.get(part):
            yield Problem("warning", "register", None, f"Nothing carries out {part!r} of a register yet.", file)


def _watches(register: Register, file: str, heard: Heard | None) -> Iterator[Problem]:
    if heard is None:
        return
    for watch in register.watch:
        if watch.start and watch.start not in heard.processes:
            yield Problem("error", "register", None, f"A watch starts {watch.start}, which no diagram has.", file)
        if watch.message and watch.message not in heard.messages:
            sentence = f"A watch sends the message {watch.message}, which no diagram waits for."
            yield Problem("error", "register", None, sentence, file)


def _templates(agenda: Agenda) -> Iterator[Problem]:
    for problem in template_problems(agenda.files):
        place = f"line {problem.line}" if problem.line else None
        yield Problem("error", "template", place, problem.message, problem.path)


def _scenarios(agenda: Agenda) -> Iterator[Problem]:
    try:
        read_scenarios(agenda)
    except BadScenario as error:
        yield Problem("error", "scenario", None, str(error), "scenarios")


def _services(agenda: Agenda) -> Iterator[Problem]:
    for service in agenda.services:
        if not any(f'id="{service.process}"'.encode() in agenda.files[path] for path in agenda.diagrams):
            sentence = f"The service names the process {service.process}, which no diagram has."
            yield Problem("error", "service-process", service.process, sentence, "agenda.toml")


def _words(agenda: Agenda, lang: str) -> Iterator[Problem]:
    for spoken in languages(agenda.files):
        if is_damaged(agenda.files, spoken):
            sentence = "Soubor se slovy nejde přečíst." if lang == "cs" else "The file of words can't be read."
            yield Problem("error", "words", None, sentence, path_of(spoken))
    for lack in lacks(agenda):
        czech = f"Chybí v jazyce {lack.lang}: „{lack.text}“."
        english = f"It is not said in the language {lack.lang}: “{lack.text}”."
        yield Problem("hint", "words", lack.place, czech if lang == "cs" else english, lack.file)
