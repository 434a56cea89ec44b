"""Why a story doesn't come out: one sentence, in English and in Czech."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model import Json
from engine.said import Said

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


class Failed(Exception):
    """Something isn't as the scenario expects; its sentence, one of CZECH, says what in both languages."""

    def __init__(self, sentence: str, **facts: Json) -> None:
        super().__init__(Said(_filled(CZECH[sentence], facts, "cs"), _filled(sentence, facts, "en")))


def differ(thing: str, actual: Json, expected: Json, **facts: Json) -> Failed:
    """Say that something, one of THINGS, is otherwise than expected."""
    seen = {"expected": repr(expected), "actual": repr(actual)}
    return Failed(f"{thing} should be {{expected}} and is {{actual}}.", **facts, **seen)


def _filled(sentence: str, facts: Mapping[str, Json], language: str) -> str:
    return sentence.format_map({name: NOTHING[language] if value == "" else value for name, value in facts.items()})
