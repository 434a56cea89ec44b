"""Jinja filters and globals of all pages: `web.ui.words` in the page's language, icons, addresses of assets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask import Flask, request, url_for
from markupsafe import Markup, escape

from web.here import now
from web.i18n import language
from web.periods import kept_for, reckoned
from web.static_files import fingerprint
from web.tenancy import tenant
from web.ui import forms, operating, words


def asset(name: str) -> str:
    """Address of a static file."""
    return url_for("static", filename=name, v=fingerprint(name))


def icon(name: str) -> Markup:
    """An icon of our sprite, beside a word that says the same."""
    markup = Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>')
    return markup.format(asset("sprite.svg"), name)


def text_of(texts: Mapping[str, Any] | str | None) -> Any:
    """The page's language of {"cs", "en"}, Czech where there is no other."""
    if texts is None or isinstance(texts, str):
        return texts or ""
    return texts.get(language()) or texts.get("cs") or next(iter(texts.values()), "")


def nbsp(text: object) -> Markup:
    """`words.nbsp` for text or markup that is safe already."""
    return Markup(words.nbsp(str(escape(text))))  # noqa: S704 (escaped above)


def in_language(word: Callable[..., str]) -> Callable[..., str]:
    """The word in the language of the page."""

    def spoken(value: Any, *args: Any, **kwargs: Any) -> str:
        return "" if value is None else word(value, *args, lang=language(), **kwargs)

    return spoken


def time_left(due: date | datetime | None) -> str:
    """Words for the time that is left now."""
    return words.time_left(due, now(), language()) if due is not None else ""


def urgency(due: date | datetime | None) -> str:
    """Class of the deadline's chip now."""
    return words.urgency(due, now())


def capitalize_first(text: str) -> str:
    """A great first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """A small first letter, unless the word is an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def here_path() -> str:
    """Path of this page, to come back to."""
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


def install(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        date_cz=in_language(words.date_cz),
        date_plain=in_language(words.date_plain),
        date_short=in_language(words.date_short),
        month=words.month,
        moment_cz=in_language(words.moment_cz),
        clock=words.clock,
        plural=in_language(words.plural),
        days=in_language(words.days),
        filesize=in_language(words.filesize),
        money=in_language(words.money),
        crowns=in_language(words.crowns),
        number=in_language(words.number),
        figure=in_language(words.figure),
        ico=words.ico,
        nbsp=nbsp,
        text_of=text_of,
        time_left=time_left,
        urgency=urgency,
        capitalize_first=capitalize_first,
        lower_first=lower_first,
        ago=operating.ago,
        lasts=operating.lasts,
        kept_for=in_language(kept_for),
        reckoned=in_language(reckoned),
        problem_of=operating.problem_of,
    )
    app.jinja_env.globals.update(
        form_fields=forms.render_form, form_errors=forms.render_errors, form_answers=forms.render_answers
    )
    app.jinja_env.globals.update(asset=asset, icon=icon, tenant=tenant, language=language, here_path=here_path, now=now)
