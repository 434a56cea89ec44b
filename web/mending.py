"""How to mend what is wrong with the parts of an agenda that are no diagrams, by rule: (Czech, English)."""

from __future__ import annotations

from dataclasses import replace

from engine.diagram import Problem
from engine.said import in_language

MENDS: dict[str, tuple[str, str]] = {
    "retention": (
        "Opravte [retention] v agenda.toml podle docs/authoring.md.",
        "Put [retention] of agenda.toml right by docs/authoring.md.",
    ),
    "form-reference": ("Opravte odkaz, nebo doplňte, kam vede.", "Correct the reference, or add what it leads to."),
    "form-format": (
        "Vyberte formát, který formuláře znají (docs/forms.md).",
        "Choose a format that the forms know (docs/forms.md).",
    ),
    "form-condition": (
        "Přidejte otázku do required podmínky (if).",
        "Add the question to the required of the condition (if).",
    ),
    "form-names": (
        "Opravte jméno ve výrazu; platí jména otázek formuláře a registrů z x-registers.",
        "Correct the name in the expression; questions of the form and registers of x-registers may be named.",
    ),
    "form-expression": (
        "Opravte výraz podle docs/expressions.md.",
        "Put the expression right by docs/expressions.md.",
    ),
    "form-steps": ("Opravte jméno pole v x-steps.", "Correct the name of the field in x-steps."),
    "form-translation": (
        "Opravte místo v x-translations, nebo překlad odeberte.",
        "Correct the place in x-translations, or take the translation out.",
    ),
    "form-prefill": ("Opravte ukazatel v x-prefill.", "Correct the pointer in x-prefill."),
    "form-schema": ("Opravte schéma formuláře na uvedeném místě.", "Put the form's schema right at that place."),
    "form-register": (
        "Ptejte se jen registrů a polí, které agenda zveřejňuje; výrazy ať je mají v x-registers.",
        "Ask only registers and fields that the agenda makes public; list those of expressions in x-registers.",
    ),
    "register": (
        "Opravte soubor registru podle docs/authoring.md, nebo do agendy doplňte, co jmenuje.",
        "Put the register's file right by docs/authoring.md, or add to the agenda what it names.",
    ),
    "register-link": (
        "Opravte jméno registru u vazby, nebo registr do agendy přidejte.",
        "Correct the name of the register at the link, or add the register to the agenda.",
    ),
    "register-expression": (
        "Opravte výraz, nebo registru pole přidejte.",
        "Correct the expression, or add the field to the register.",
    ),
    "page": (
        "Opravte soubor stránky podle docs/authoring.md, nebo do agendy doplňte, co jmenuje.",
        "Put the page's file right by docs/authoring.md, or add to the agenda what it names.",
    ),
    "webhook": (
        "Opravte [webhooks] v agenda.toml podle docs/authoring.md.",
        "Put [webhooks] of agenda.toml right by docs/authoring.md.",
    ),
    "template": ("Opravte šablonu na uvedeném řádku.", "Put the template right at that line."),
    "scenario": ("Opravte scénář podle docs/scenarios.md.", "Put the scenario right by docs/scenarios.md."),
    "service-process": (
        "Opravte klíč procesu u služby v agenda.toml.",
        "Correct the key of the process at the service in agenda.toml.",
    ),
    "words": (
        "Doplňte překlad do words.<jazyk>.toml, nebo ten soubor opravte.",
        "Add it to words.<language>.toml, or put that file right.",
    ),
}


def mended(problem: Problem, lang: str) -> Problem:
    """Give a problem in a language and with how to mend it."""
    known = MENDS.get(problem.rule)
    mend = problem.mend or (known[lang == "en"] if known else "")
    return replace(problem, message=in_language(problem.message, lang), mend=mend)
