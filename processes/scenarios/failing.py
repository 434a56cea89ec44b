"""Why a story doesn't come out: one sentence, in English and in Czech."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from engine.model import Json
from engine.said import Said, in_language

#: What is compared, as the sentences call it.
THINGS: Mapping[str, str] = {
    "the status": "stav",
    "open tasks": "otevřené úkoly",
    "the due date of {node}": "lhůta úkolu {node}",
    "variable {path}": "proměnná {path}",
    "the number of mails": "počet e-mailů",
    "the record {caption} of {register}": "záznam {caption} registru {register}",
    "{name} of {caption} in {register}": "{name} záznamu {caption} v registru {register}",
    "the deadline {key}": "lhůta {key}",
    "what is offered": "co se nabízí",
    "the day": "den",
}
#: English sentence → Czech one.
CZECH: Mapping[str, str] = {
    **{
        f"{one} should be {{expected}} and is {{actual}}.": f"Nesedí {czech}: má být {{expected}}, je {{actual}}."
        for one, czech in THINGS.items()
    },
    "{word} can't be expected; possible: {possible}.": "{word} se nedá čekat; jde: {possible}.",
    "{node} was not passed where it should be; the path was {path}.": "Krok {node} nebyl v pořadí; cesta: {path}.",
    "{nodes} should not have been passed.": "Krokem {nodes} se projít nemělo.",
    "There is no document {key}; there are: {others}.": "Dokument {key} není; jsou: {others}.",
    "The document {key} doesn't contain „{text}“. It says: {content}": "Dokument {key} nemá „{text}“, ale: {content}",
    "No mail with „{text}“ came in its turn. Mails: {mails}.": "E-mail „{text}“ nepřišel, kdy měl. E-maily: {mails}.",
    "No call with „{text}“ was made in its turn. Calls: {calls}.": "Volání „{text}“ nebylo, kdy mělo. Volání: {calls}.",
    "No note says „{text}“. Notes: {notes}.": "Žádná poznámka neříká „{text}“. Poznámky: {notes}.",
    "The form refuses it: {errors}": "Formulář to nepřijal: {errors}",
    "„{expected}“ was expected, the form says: {errors}": "Čekalo se „{expected}“, formulář říká: {errors}",
    "„{expected}“ was expected, the register says: {errors}": "Čekalo se „{expected}“, registr říká: {errors}",
    "„{expected}“ was expected, the register took the record.": "Čekalo se „{expected}“, registr záznam přijal.",
    "There is no form {form}.": "Formulář {form} není.",
    "The register {register} has no link {name}.": "Registr {register} nemá vazbu {name}.",
    "{count} records of {register} have the value {value}.": "Záznamů {register} s hodnotou {value}: {count}.",
    "A row of {register} was not taken: {fate}.": "Řádek registru {register} se nepřijal: {fate}.",
    "The rows of {register} were taken as {fates}, not {wanted}.": "Řádky registru {register}: {fates}, ne {wanted}.",
    "„{label}“ is not offered to {person}.": "„{label}“ se nenabízí: {person}.",
    "The case has ordered nothing from the bank.": "Případ bance nic nezadal.",
    "Nobody here is called {username}.": "Nikdo se tu nejmenuje {username}.",
    "{node} is not open for {person}; open: {others}.": "Úkol {node} není otevřený: {person}. Otevřené: {others}.",
    "The ballot was to be refused for {code}.": "Hlas se neměl přijmout: {code}.",
    "The case has opened no vote.": "Případ nevyhlásil žádné hlasování.",
    "The cases don't come to rest.": "Případy se neustálí.",
    "{moment} has passed already.": "{moment} už minulo.",
    "There is no case of {process}.": "Případ procesu {process} není.",
    "No case has been started yet.": "Žádný případ ještě nezačal.",
    "A watch of the register {register} failed: {problem}": "Hlídání registru {register} selhalo: {problem}",
    "Incident at {node}: {message}": "Závada v kroku {node}: {message}",
    "{connector} at {node} failed: {message}": "{connector} v kroku {node} selhalo: {message}",
    "{state} is no state of a payment.": "{state} není stav platby.",
    "Nobody pays by card here, so no payment is {state}.": "Kartou se tu neplatí, žádná platba není {state}.",
    "Nothing answers at {url} here.": "Na {url} tu nic neodpovídá.",
    "There are no data boxes here, so no message is {fate}.": "Schránky tu nejsou, zpráva není {fate}.",
    "A data message is placed, read, lost or asked for, not {fate}.": "Zpráva je placed, read, lost, asked, ne {fate}.",
}
NOTHING = {"en": "nothing", "cs": "nic"}
#: States of a case as they are compared, in Czech.
STATES: Mapping[str, str] = {
    "running": "běží",
    "suspended": "pozastavený",
    "completed": "dokončený",
    "terminated": "ukončený",
}


class StepKey(str):
    """The key of a step of a diagram, which a page may say by the step's name."""

    __slots__ = ()


class CaseState(str):
    """A state of a case."""

    __slots__ = ()


def steps(keys: Iterable[str]) -> list[StepKey]:
    """Mark keys of steps as such."""
    return [StepKey(key) for key in keys]


class Failed(Exception):
    """Something isn't as the scenario expects; its sentence, one of CZECH, says what in both languages."""

    def __init__(self, sentence: str, **facts: Json) -> None:
        self._sentence, self._facts = sentence, facts
        super().__init__(self.said({}))

    def said(self, names: Mapping[str, str]) -> Said:
        """Say it with steps by their names, where they have one."""
        czech, english = (CZECH[self._sentence], "cs"), (self._sentence, "en")
        return Said(*(_filled(text, self._facts, lang, names) for text, lang in (czech, english)))


class Compared(NamedTuple):
    """A value that is compared with another one."""

    value: Json


def differ(thing: str, actual: Json, expected: Json, **facts: Json) -> Failed:
    """Say that something, one of THINGS, is otherwise than expected."""
    seen = {"expected": Compared(expected), "actual": Compared(actual)}
    return Failed(f"{thing} should be {{expected}} and is {{actual}}.", **facts, **seen)


def _filled(sentence: str, facts: Mapping[str, Json], language: str, names: Mapping[str, str]) -> str:
    return sentence.format_map({name: _in_words(value, language, names) for name, value in facts.items()})


def _in_words(value: Json, language: str, names: Mapping[str, str]) -> str:
    if isinstance(value, Compared):
        return _compared(value.value, language, names)
    if isinstance(value, StepKey):
        return f"„{names[value]}“" if names.get(value) else str(value)
    if isinstance(value, list):
        return ", ".join(_in_words(one, language, names) for one in value) or NOTHING[language]
    if isinstance(value, Said):
        return in_language(value, language)
    return NOTHING[language] if value == "" else str(value)


def _compared(value: Json, language: str, names: Mapping[str, str]) -> str:
    if value is None:
        return NOTHING[language]
    if isinstance(value, list) and all(isinstance(one, StepKey) for one in value):
        return _in_words(value, language, names)
    if isinstance(value, CaseState):
        return STATES.get(value, value) if language == "cs" else value
    return repr(value)
