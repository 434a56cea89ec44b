"""What is wrong with webhooks and forms is said in Czech and in English, and how to mend it."""

from __future__ import annotations

import json

import pytest

from tests.unit.web.test_inspected_pages import FILES
from web.inspection import inspect

HOOKS = [
    'hook = "x"',
    '[webhooks.h]\nmessage = "m"\nstrange = 1\ncorrelation = {a = "1"}',
    "[webhooks.h]\nmessage = 3",
    '[webhooks.h]\nkey_number = 0\nmessage = "m"\ncorrelation = {a = "1"}',
    "[webhooks.H]\n",
    '[webhooks.h]\nmessage = "m"\nregister = "members"',
    '[webhooks.h]\nmessage = "payment.received"\ncorrelation = {a = "1"}',
    '[webhooks.h]\nregister = "members"',
    '[webhooks.h]\nregister = "dogs"\nvalues = {a = "1"}',
    '[webhooks.h]\nregister = "members"\nvalues = {colour = "1"}',
    '[webhooks.h]\nregister = "members"\nvalues = {name = "1"}\nkey = "name"\nnewest_by = "age"',
    '[webhooks.h]\nregister = "members"\nvalues = {name = "1 +"}',
    '[webhooks.h]\nregister = "members"\nvalues = {name = "bodyy"}',
    '[webhooks.h]\nregister = "members"\nvalues = {name = "1"}',
]
FORMS: list[dict[str, object]] = [
    {"properties": {"a": {"$ref": "#/$defs/none"}}},
    {"properties": {"a": {"type": "string", "format": "shoe"}}},
    {"properties": {"a": {"type": "string"}}, "if": {"properties": {"a": {"const": "x"}}}},
    {"properties": {"a": {"type": "string", "x-visible": "1 +"}}},
    {"properties": {"a": {"type": "string", "x-visible": "strange"}}},
    {"properties": {"a": {"type": "string"}}, "x-translations": {"en": {"/properties/b/title": "B"}}},
    {"properties": {"a": {"type": "string", "x-prefill": {"source": "ares", "by": "/ico"}}}},
    {"properties": {"a": {"type": "string"}}, "x-registers": "members"},
    {"properties": {"a": {"type": "string", "x-visible": "find('members')"}}},
]


def told(files: dict[str, bytes], rules: str) -> list[tuple[str, str, str]]:
    """Rule, the sentence and how to mend it, in Czech and in English behind each other."""
    found = [
        (one.rule, one.message, one.mend)
        for lang in ("cs", "en")
        for one in inspect(files, lang)
        if one.rule.startswith(rules)
    ]
    assert found
    return found


@pytest.mark.parametrize("hook", HOOKS)
def test_what_is_wrong_with_a_webhook_is_said_in_both_languages(hook: str) -> None:
    manifest = FILES["agenda.toml"].decode() + ("" if hook.startswith("[") else "\n[webhooks]") + f"\n{hook}\n"
    in_both(told({**FILES, "agenda.toml": manifest.encode()}, "webhook"))


@pytest.mark.parametrize("form", FORMS)
def test_what_is_odd_in_a_form_is_said_in_both_languages(form: dict[str, object]) -> None:
    schema = json.dumps({"type": "object", **form}).encode()
    in_both(told({**FILES, "forms/odd.json": schema}, "form-"))


def in_both(found: list[tuple[str, str, str]]) -> None:
    half = len(found) // 2
    for czech, english in zip(found[:half], found[half:], strict=True):
        assert czech[0] == english[0]
        assert all(ours and ours != theirs for ours, theirs in zip(czech[1:], english[1:], strict=True))
