"""Everything that can be said of an agenda before it is published: manifest, diagrams, tables, forms, templates."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from engine.check import ConnectorFacts, Surroundings, check_agenda
from engine.diagram import Problem
from engine.errors import EngineError, Invalid
from engine.expressions import problem_in
from engine.handlers.inside import INSIDE, InsideEffect
from engine.model import ROLES
from engine.queries.lookups import DECLARED
from engine.queries.retention import PERIOD
from engine.reading import read_model
from engine.reading.nodes import RECEIVING
from engine.registers.beginning import first_records
from engine.registers.definitions import Register, read_register
from engine.registers.shape import IDLE, definition_in, groups_named, shape_problems
from engine.said import Said, in_language, said_by
from forms.compile import compile_form
from forms.errors import FormSchemaError
from forms.problems import problems as odd_in
from integrations.registry import CONNECTORS
from processes.agenda import MANIFEST, Agenda, AgendaRefused, parse_agenda
from processes.documents import template_problems
from processes.scenarios import BadScenario, read_scenarios
from processes.untranslated import is_damaged, lacks
from processes.webhooks import Hook, hooks_in
from processes.words import languages, path_of
from web.form_registers import Public, asked_by, faults_of, foreign, lookup_faults, public_fields_in
from web.inspected_pages import pages
from web.mending import mended
from web.retention import places
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
        *_retention(agenda),
        *_forms(agenda),
        *_registers(agenda, None if loose else frozenset(agenda.groups) | ROLES),
        *(() if loose else _links(agenda)),
        *_expressions(agenda, lang),
        *_templates(agenda),
        *_scenarios(agenda),
        *_services(agenda),
        *pages(agenda, None if loose else frozenset(agenda.groups) | ROLES),
        *_webhooks(agenda),
    ]
    problems += _words(agenda)
    problems = [mended(problem, lang) for problem in problems]
    return sorted(problems, key=lambda problem: ("error", "warning", "hint").index(problem.severity))


def inspect_registers(files: Mapping[str, bytes], lang: str = "cs") -> list[Problem]:
    """Give the problems of the registers of an agenda alone, which is quick. Never raises for a bad one."""
    try:
        agenda = parse_agenda(files, lang)
    except AgendaRefused as refused:
        return list(refused.problems)
    found = [
        *_registers(agenda, frozenset(agenda.groups) | ROLES),
        *_links(agenda),
        *_expressions(agenda, lang),
    ]
    return [mended(problem, lang) for problem in found]


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


def _retention(agenda: Agenda) -> Iterator[Problem]:
    """What says wrongly how long it is kept would be kept for ever."""
    how = agenda.retention.get("how", "delete")
    if "case" in agenda.retention and not PERIOD.fullmatch(str(agenda.retention["case"])):
        yield Problem(
            "error",
            "retention",
            None,
            Said("[retention] case není doba jako P10Y.", "[retention] case is no period such as P10Y."),
            MANIFEST,
        )
    if how not in ("delete", "anonymise"):
        yield Problem(
            "error",
            "retention",
            None,
            Said("[retention] how je delete, nebo anonymise.", "[retention] how is delete or anonymise."),
            MANIFEST,
        )
    for name in sorted(agenda.retention.keys() - {"case", "how"}):
        czech = f"[retention] nemá {name}; má case a how."
        said = Said(czech, f"[retention] has no {name}; there are case and how.")
        yield Problem("error", "retention", None, said, MANIFEST)
    for key, form in agenda.forms.items():
        for place, period in places(form, form):
            if period and not PERIOD.fullmatch(period):
                text = Said(
                    f"{place}: x-retention není doba jako P5Y.", f"{place}: x-retention is no period such as P5Y."
                )
                yield Problem("error", "retention", None, text, f"forms/{key}.json")


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
        yield Problem("error", "form-schema", error.pointer, Said(error.czech, str(error)), file)
        return
    declared = schema.get(DECLARED) if isinstance(schema, Mapping) else None
    yield from (Problem("error", "form-register", f"/{DECLARED}", said, file) for said in faults_of(declared))
    for key in foreign(declared, registers):
        said = Said(
            f"Agenda nemá registr {key}; musí ho zveřejnit jiná agenda.",
            f"The agenda has no register {key}; another agenda has to publish it.",
        )
        yield Problem("warning", "form-register", f"/{DECLARED}", said, file)
    for pointer, vain, is_sure in asked_by(form, registers):
        yield Problem("error" if is_sure else "warning", "form-register", pointer, vain, file)
    asking = partial(lookup_faults, declared=declared, registers=registers)
    names = {name for one in form.graph.every() for name in [*one.get("properties", {}), *one.get("required", [])]}

    def faults(text: str) -> list[tuple[str, str]]:
        strange = [
            Said(f"Žádná otázka se nejmenuje {name}.", f"No question is called {name}.")
            for name in strange_names(text, names)
        ]
        return [(in_language(one, "cs"), one) for one in [*asking(text), *strange]]

    def unreadable(text: str) -> tuple[str, str] | None:
        why = problem_in(text)
        return None if why is None else (in_language(why, "cs"), why)

    for one in odd_in(form, unreadable, faults):
        yield Problem(one.severity, one.rule, one.pointer, Said(one.czech, one.message), file)


def _registers(agenda: Agenda, groups: frozenset[str] | None) -> Iterator[Problem]:
    heard = _heard(agenda)
    for key in agenda.registers:
        file = f"registers/{key}.json"
        try:
            definition = definition_in(file, agenda.files)
        except Invalid as error:
            yield Problem("error", "register", None, said_by(error), file)
        else:
            yield from register_problems(definition, file, groups, heard)
    yield from _first_records(agenda)


def _first_records(agenda: Agenda) -> Iterator[Problem]:
    """Check what registers begin with: a list for a register of the agenda, each record of its shape."""
    for path in agenda.paths(".json", "records"):
        key = PurePosixPath(path).stem
        if key not in agenda.registers:
            czech = f"Agenda nemá registr {key}, který by mohl těmito záznamy začít."
            said = Said(czech, f"The agenda has no register {key} that could begin with these records.")
            yield Problem("error", "register", None, said, path)
            continue
        try:
            first_records(read_register(definition_in(f"registers/{key}.json", agenda.files)), agenda.files)
        except Invalid as error:
            yield Problem("error", "register", None, said_by(error), path)


def _links(agenda: Agenda) -> Iterator[Problem]:
    """Find links of registers that lead to no register of the agenda."""
    for key in agenda.registers:
        try:
            register = read_register(definition_in(f"registers/{key}.json", agenda.files))
        except Invalid:
            continue
        for link in register.links.values():
            if link.to not in agenda.registers:
                sentence = Said(
                    f"Vazba {link.name} vede do registru {link.to}, který agenda nemá.",
                    f"The link {link.name} leads to the register {link.to}, which the agenda has not.",
                )
                yield Problem("error", "register-link", f"/links/{link.name}", sentence, f"registers/{key}.json")


def _expressions(agenda: Agenda, lang: str) -> Iterator[Problem]:
    """Find expressions over records that can't be read or name what the register does not keep."""
    for key in agenda.registers:
        file = f"registers/{key}.json"
        try:
            register = read_register(definition_in(file, agenda.files))
        except Invalid:
            continue
        for place, text in (("/caption", register.caption), ("/public/where", register.public_where)):
            if why := problem_in(text) if text else "":
                told = in_language(why, lang)
                sentence = f"Výraz nejde přečíst: {told}" if lang == "cs" else f"The expression can't be read: {told}"
                yield Problem("error", "register-expression", place, sentence, file)
            for name in strange_names(text, register.properties):
                czech = f"Výraz mluví o poli {name}, které registr nemá."
                english = f"The expression speaks of the field {name}, which the register has not."
                yield Problem("error", "register-expression", place, czech if lang == "cs" else english, file)


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
        yield Problem("error", "register", None, said_by(error), file)
    else:
        yield from _watches(register, file, heard)
    for name in sorted(groups_named(definition) - groups) if groups is not None else ():
        said = Said(f"Agenda nemá skupinu {name}.", f"The agenda has no group {name}.")
        yield Problem("error", "register", None, said, file)
    for part in IDLE:
        if definition.get(part):
            czech = f"Část {part!r} registru zatím nic neprovádí."
            said = Said(czech, f"Nothing carries out {part!r} of a register yet.")
            yield Problem("warning", "register", None, said, file)


def _watches(register: Register, file: str, heard: Heard | None) -> Iterator[Problem]:
    if heard is None:
        return
    for watch in register.watch:
        if watch.start and watch.start not in heard.processes:
            czech = f"Hlídání začíná proces {watch.start}, který žádný diagram nemá."
            said = Said(czech, f"A watch starts {watch.start}, which no diagram has.")
            yield Problem("error", "register", None, said, file)
        if watch.message and watch.message not in heard.messages:
            sentence = Said(
                f"Hlídání posílá zprávu {watch.message}, na kterou žádný diagram nečeká.",
                f"A watch sends the message {watch.message}, which no diagram waits for.",
            )
            yield Problem("error", "register", None, sentence, file)


def _webhooks(agenda: Agenda) -> Iterator[Problem]:
    try:
        hooks = hooks_in(tomllib.loads(agenda.files[MANIFEST].decode("utf-8-sig")))
    except Invalid as error:
        sentences = error.facts.get("sentences")
        for sentence in sentences if isinstance(sentences, list) else [said_by(error)]:
            yield Problem("error", "webhook", None, sentence, MANIFEST)
        return
    heard = _heard(agenda)
    for hook in hooks:
        if hook.message and hook.message not in heard.messages:
            said = Said(
                f"Webhook {hook.key} přináší zprávu {hook.message}, na kterou žádný diagram nečeká.",
                f"The webhook {hook.key} brings the message {hook.message}, which no diagram waits for.",
            )
            yield Problem("error", "webhook", hook.key, said, MANIFEST)
        if hook.register:
            yield from _kept_by(agenda, hook)


def _kept_by(agenda: Agenda, hook: Hook) -> Iterator[Problem]:
    try:
        kept = read_register(definition_in(f"registers/{hook.register}.json", agenda.files))
    except Invalid:
        said = Said(
            f"Webhook {hook.key} plní registr {hook.register}, který agenda nemá.",
            f"The webhook {hook.key} fills the register {hook.register}, which the agenda has not.",
        )
        yield Problem("error", "webhook", hook.key, said, MANIFEST)
        return
    for name in sorted(hook.values.keys() - set(kept.properties)):
        said = Said(
            f"Webhook {hook.key} plní {name}, které registr {hook.register} nemá.",
            f"The webhook {hook.key} fills {name}, which the register {hook.register} has not.",
        )
        yield Problem("error", "webhook", hook.key, said, MANIFEST)
    if hook.known_by and (hook.known_by,) not in kept.unique:
        said = Said(
            f"Webhook {hook.key} pozná záznamy podle {hook.known_by}, které v registru {hook.register} není jedinečné.",
            f"The webhook {hook.key} knows records by {hook.known_by}, which is not unique in {hook.register}.",
        )
        yield Problem("error", "webhook", hook.key, said, MANIFEST)
    elif not hook.known_by and kept.series is None:
        said = Said(
            f"Webhook {hook.key} nejmenuje klíč: doručení, které přijde dvakrát, udělá dva záznamy.",
            f"The webhook {hook.key} names no key: a delivery that comes twice makes two records.",
        )
        yield Problem("warning", "webhook", hook.key, said, MANIFEST)


def _templates(agenda: Agenda) -> Iterator[Problem]:
    for problem in template_problems(agenda.files):
        place = f"line {problem.line}" if problem.line else None
        yield Problem("error", "template", place, problem.message, problem.path)


def _scenarios(agenda: Agenda) -> Iterator[Problem]:
    try:
        read_scenarios(agenda)
    except BadScenario as error:
        yield Problem("error", "scenario", None, said_by(error), "scenarios")


def _services(agenda: Agenda) -> Iterator[Problem]:
    for service in agenda.services:
        if not any(f'id="{service.process}"'.encode() in agenda.files[path] for path in agenda.diagrams):
            sentence = Said(
                f"Služba jmenuje proces {service.process}, který žádný diagram nemá.",
                f"The service names the process {service.process}, which no diagram has.",
            )
            yield Problem("error", "service-process", service.process, sentence, "agenda.toml")


def _words(agenda: Agenda) -> Iterator[Problem]:
    for spoken in languages(agenda.files):
        if is_damaged(agenda.files, spoken):
            sentence = Said("Soubor se slovy nejde přečíst.", "The file of words can't be read.")
            yield Problem("error", "words", None, sentence, path_of(spoken))
    for lack in lacks(agenda):
        czech = f"Chybí v jazyce {lack.lang}: „{lack.text}“."
        said = Said(czech, f"It is not said in the language {lack.lang}: “{lack.text}”.")
        yield Problem("hint", "words", lack.place, said, lack.file)
