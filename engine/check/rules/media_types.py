"""Documentation, annotations and scripts say in which format they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject, children, holder

MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(\s*;.*)?")
#: Formats of scripts that mean Starlark here.
SCRIPTS = frozenset({"starlark", "python", "text/starlark", "text/x-starlark", "application/x-starlark", "text/python"})


@rule(
    "media-types",
    mend=(
        "Pište text/plain, text/html nebo u skriptu text/starlark.",
        "Write text/plain, text/html, or for a script text/starlark.",
    ),
    text=(
        "{format} není druh obsahu jako text/plain nebo text/html.",
        "{format} is not a media type such as text/plain or text/html.",
    ),
    no_script_format=(
        'Skript neříká, v jakém je jazyce; doplňte scriptFormat="text/starlark".',
        'The script does not say its language; add scriptFormat="text/starlark".',
    ),
    script=(
        "Skript v jazyce {format} neumíme; skripty jsou ve Starlarku (text/starlark).",
        "Scripts in {format} can't run; scripts are in Starlark (text/starlark).",
    ),
)
def media_types(subject: Subject) -> Iterator[Found]:
    """Find formats that are none."""
    for element in subject.elements("documentation", "textAnnotation"):
        text_format = element.get("textFormat")
        if text_format is not None and not MEDIA_TYPE.fullmatch(text_format.strip()):
            yield found("text", holder(element), format=text_format)
    for element in subject.elements("scriptTask", "globalScriptTask"):
        language = element.get("scriptFormat") or element.get("scriptLanguage")
        has_script = next(children(element, "script"), None) is not None
        if has_script and not language:
            yield replace(found("no_script_format", element.get("id")), severity="warning")
        elif has_script and language and language.strip().lower() not in SCRIPTS:
            yield found("script", element.get("id"), format=language)
