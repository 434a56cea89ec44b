"""Views of forms written out as HTML, in a page of Flask or without one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from forms.parts import View
from forms.summary import Section
from forms.words import words
from web.ui.words import nbsp

_TEMPLATES = Path(__file__).parent / "templates"
SPRITE = "/static/sprite.svg"


@cache
def environment() -> Environment:
    """Make the Jinja environment that knows nothing of Flask; autoescaping is always on."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["icon"] = icon
    made.filters["nbsp"] = nbsp
    return made


def icon(name: str) -> Markup:
    """Write an icon of the sprite; it never speaks, its neighbour text does."""
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>').format(
        SPRITE, name
    )


def render_form(view: View, *, refresh_url: str = "", hidden: Mapping[str, str] | None = None) -> Markup:
    """Write the fields of a view, to stand between <form> and </form>. With `refresh_url` htmx keeps them current.

    `hidden` are values that go with the page and are new with every answer.
    """
    return _macro("forms/form.html", "form_fields")(view, refresh_url, hidden or {})


def render_errors(view: View) -> Markup:
    """Write the summary of errors, with links to their controls; empty when there are none."""
    return _macro("forms/form.html", "form_errors")(view)


def render_steps(view: View, urls: Mapping[str, str] | None = None, last: str | None = None) -> Markup:
    """Write the line of steps; `urls` by key make links of those done, `last` names one more step, the check."""
    return _macro("forms/form.html", "form_steps")(view, urls, last)


def render_answers(
    sections: Sequence[Section], change: Callable[[str | None, str], str] | None = None, lang: str = "cs"
) -> Markup:
    """Write the answers for checking; `change(step, id)` gives the address of a question."""
    return _macro("forms/answers.html", "form_answers")(sections, change, words(lang)["change"])


def render_page(view: View, *, title: str = "") -> str:
    """Write a complete page of a form, as the portal serves it without JavaScript."""
    template = environment().get_template("forms/page.html")
    return template.render(view=view, title=escape(title or view.title))


def _macro(template: str, name: str) -> Callable[..., Markup]:
    return getattr(environment().get_template(template).module, name)  # type: ignore[no-any-return]
