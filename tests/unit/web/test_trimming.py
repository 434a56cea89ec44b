"""The style sheet that comes from elsewhere is trimmed of what no page has, and of nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import web
from web.trimming import ABSENT_ATTRIBUTES, ABSENT_CLASSES, ABSENT_VALUES, trimmed

WEB = Path(web.__file__).parent
#: Everything of ours that writes HTML; what was drawn by the modeller has a style of its own.
PAGES = [*WEB.rglob("*.html"), *(path for path in WEB.glob("static/*.js")), *WEB.rglob("*.py")]


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        ("gov-button,.gov-button{color:red}", ".gov-button{color:red}"),
        (".gov-button[loading]{color:red}a{b:c}", "a{b:c}"),
        (
            ".a:not([loading=false i]):not(.x,.y):hover,.b[slot=top]{c:d}",
            ".a:not([loading=false i]):not(.x,.y):hover{c:d}",
        ),
        ("@media (max-width:9px){gov-icon{a:b}.c{d:e}}@media print{gov-icon{a:b}}", "@media (max-width:9px){.c{d:e}}"),
        ("@keyframes turn{0%{a:b}100%{a:c}}", "@keyframes turn{0%{a:b}100%{a:c}}"),
        (".a[data-size=m],.a[data-size=xl]{b:c}", ".a[data-size=m]{b:c}"),
    ],
)
def test_only_rules_for_what_no_page_has_go(css: str, kept: str) -> None:
    assert trimmed(css) == kept


def test_a_rule_that_is_cut_off_is_told() -> None:
    with pytest.raises(ValueError, match="never closed"):
        trimmed(".a{b:c")


def test_no_page_of_ours_has_what_is_trimmed() -> None:
    values = "|".join(f'{name}="(?:{"|".join(of)})"' for name, of in ABSENT_VALUES.items())
    classes = "|".join(rf'class="[^"]*(?<![\w-]){name}(?![\w-])' for name in ABSENT_CLASSES)
    # A picture that waits until it is looked at isn't a button that is loading.
    attributes = "|".join(rf"<(?!img\b)[a-z][^<>]*\s{name}[=\s>]" for name in ABSENT_ATTRIBUTES)
    wanted = re.compile(rf"<gov-|{values}|{classes}|{attributes}")
    found = {path.name: match[0] for path in PAGES if (match := wanted.search(path.read_text(encoding="utf-8")))}
    assert found == {}
