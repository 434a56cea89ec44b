"""Words of the forms in Czech and English, and the texts of authors in the language of the reader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from forms.compile import Form
from forms.graph import Schema

WORDS: Mapping[str, Mapping[str, str]] = {
    "cs": {
        "yes": "Ano",
        "no": "Ne",
        "optional": "(nepovinné)",
        "choose": "– vyberte –",
        "error": "Chyba:",
        "add": "Přidat další",
        "add_first": "Přidat",
        "add_named": "Přidat: {name}",
        "remove": "Odebrat: {name}",
        "remove_column": "Odebrat",
        "continue": "Pokračovat",
        "form": "Formulář",
        "row": "{name} {number}",
        "item": "Položka",
        "total": "Součet",
        "empty": "nevyplněno",
        "file_now": "Přiloženo: {name}",
        "file_replace": "Když vyberete jiný soubor, nahradí ten přiložený.",
        "file_keep": "Ponechat",
        "prefill": "Načíst z {source}",
        "prefill_register": "Načíst z registru „{source}“",
        "comment": "Připomínka úřadu:",
        "step": "Krok {number} z {count}",
        "done": "(hotovo)",
        "progress": "Postup formuláře",
        "change": "změnit",
        "defect": "Co je třeba opravit",
        "defect_open": "Vytknout",
        "refresh": "Přepočítat",
        "meant": "Co jste měli na mysli?",
        "found.none": "Nic takového v seznamu není.",
        "found.some": "Nalezeno: {count}. Vybírejte šipkami.",
        "example": "Například {example}",
        "help": "Nápověda",
        "only_when": "Jen když „{label}“: {answers}.",
        "unless": "Jen když „{label}“ není: {answers}.",
        "or": " nebo ",
        "if_concerned": "Jen když se vás to týká.",
        "here": "Doplnit, kde teď jsem",
        "here.asking": "Zjišťuji polohu…",
        "here.done": "Souřadnice jsou vyplněné.",
        "here.refused": "Prohlížeč polohu nesdělil. Napište adresu nebo souřadnice.",
    },
    "en": {
        "yes": "Yes",
        "no": "No",
        "optional": "(optional)",
        "choose": "– choose –",
        "error": "Error:",
        "add": "Add another",
        "add_first": "Add",
        "add_named": "Add: {name}",
        "remove": "Remove: {name}",
        "remove_column": "Remove",
        "continue": "Continue",
        "form": "Form",
        "row": "{name} {number}",
        "item": "Item",
        "total": "Total",
        "empty": "not filled in",
        "file_now": "Attached: {name}",
        "file_replace": "Choosing another file replaces the attached one.",
        "file_keep": "Keep",
        "prefill": "Load from {source}",
        "prefill_register": "Load from the register “{source}”",
        "comment": "Comment of the office:",
        "step": "Step {number} of {count}",
        "done": "(done)",
        "progress": "Progress through the form",
        "change": "change",
        "defect": "What has to be corrected",
        "defect_open": "Point out a defect",
        "refresh": "Recalculate",
        "meant": "What did you mean?",
        "found.none": "There is nothing like that in the list.",
        "found.some": "Found: {count}. Choose with the arrow keys.",
        "example": "For example {example}",
        "help": "Help",
        "only_when": "Only when “{label}”: {answers}.",
        "unless": "Only when “{label}” is not: {answers}.",
        "or": " or ",
        "if_concerned": "Only if it concerns you.",
        "here": "Fill in where I am now",
        "here.asking": "Finding out where you are…",
        "here.done": "The coordinates are filled in.",
        "here.refused": "The browser did not tell the position. Write the address or the coordinates.",
    },
}


def words(lang: str) -> Mapping[str, str]:
    """Give the words of a language; English where there is none."""
    return WORDS.get(lang, WORDS["en"])


def text_of(form: Form, schema: Schema, keyword: str, lang: str) -> str:
    """Give a text of the author that stands at a keyword of a schema; its translation where there is one."""
    document, pointer = form.graph.origin(schema)
    return localized(document, f"{pointer}/{keyword}", schema.get(keyword), lang)


def localized(document: Mapping[str, Any], pointer: str, text: Any, lang: str) -> str:
    """Give a text in a language: by x-translations of its document, or by a {"cs": …, "en": …} object."""
    translations = document.get("x-translations")
    if isinstance(translations, dict) and isinstance(translations.get(lang), dict):
        text = translations[lang].get(pointer, text)
    if isinstance(text, dict):
        text = text.get(lang) or next(iter(text.values()), "")
    return text if isinstance(text, str) else "" if text is None else str(text)


def title_of(form: Form, lang: str) -> str:
    """Give the title of a form in a language; "" where it has none."""
    return localized(form.schema, "/title", form.schema.get("title"), lang)


def humanized(name: str) -> str:
    """Make a label of a property name that has no title: "dateOfBirth" gives "Date of birth"."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    words_apart = re.sub(r"[_\s]+", " ", apart).strip()
    return words_apart[:1].upper() + words_apart[1:].lower() if words_apart else name or "–"
