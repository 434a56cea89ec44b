"""Documents and messages of an agenda: its templates and a case's data in, HTML and text out. Pure."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError
from markupsafe import Markup

from engine.errors import Invalid
from engine.model import Json, Variables
from engine.said import Said, in_language, placed, said_by
from processes.filters import filters, html_filters
from processes.markdown import escaped, to_html, to_text
from processes.sandbox import Sandbox
from processes.words import HOME

LAYOUT = Path(__file__).parent / "layout"
DOCUMENTS, MESSAGES = "documents/", "messages/"
DEFAULT_COLOUR = "#0f5a6b"

#: What templates may call: name → function of the outside world, such as payment_qr.
Functions = Mapping[str, Callable[..., Any]]


class TemplateRefused(Invalid):
    """The template can't be rendered."""


@dataclass(frozen=True, kw_only=True)
class RenderedMessage:
    """A mail as people get it."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, kw_only=True)
class Renderer:
    """The templates of one deployment with what they may call."""

    #: All files of the agenda by path.
    files: Mapping[str, bytes]
    functions: Functions = field(default_factory=dict)
    #: The reader's language; a template that isn't there in it stays Czech.
    lang: str = HOME

    def document(self, name: str, data: Variables) -> str:
        """Render `documents/<name>.html`, or `<name>.en.html`, as a complete page. Raises TemplateRefused."""
        path, lang = self._variant(f"{DOCUMENTS}{name}", ".html")
        own_css = self.files.get(f"{DOCUMENTS}{name}.css", b"").decode("utf-8", "replace")
        return self._page(path, {**data, "own_css": _style(own_css)}, lang)

    def submission(self, data: Variables) -> str:
        """Render a form as it was sent; `data` holds submission, sections and title besides the case's."""
        return self._page("submission.html", data, self.lang)

    def paper(self, data: Variables) -> str:
        """Render a form to be filled by hand; `data` holds sheets (forms.paper), words, title, tenant, case."""
        own_css = (LAYOUT / "paper.css").read_text(encoding="utf-8")
        return self._page("paper.html", {**data, "own_css": _style(own_css)}, self.lang)

    def message(self, name: str, data: Variables) -> RenderedMessage:
        """Render `messages/<name>.md`, or `<name>.en.md`; its first heading is the subject. Raises TemplateRefused."""
        path, lang = self._variant(f"{MESSAGES}{name}", ".md")
        env = Sandbox({name: self._source(path)}, filters(lang), autoescape=False, dialect=f"md.{lang}")
        env.escape_output = escaped
        body = self._render(env, name, path, data, lang)
        subject, _, rest = body.strip().partition("\n")
        if not subject.startswith("# "):
            raise TemplateRefused(_sentence(path, 1, "The first line must be `# Subject`."))
        return self.mail(to_text(subject[2:]), rest, data, lang)

    def mail(self, subject: str, markdown: str, data: Variables, lang: str = HOME) -> RenderedMessage:
        """Give a subject and a body in Markdown, written in a language, the looks of the office's mails."""
        line = " ".join(subject.split())
        body = Markup(to_html(markdown))  # noqa: S704 - raw HTML is off in our Markdown
        html = self._page("message.html", {**data, "subject": line, "body": body}, lang)
        return RenderedMessage(subject=line, text=to_text(markdown), html=html)

    def _variant(self, stem: str, suffix: str) -> tuple[str, str]:
        """Give the file of a template in the reader's language, else in ours, and its language."""
        own = f"{stem}.{self.lang}{suffix}"
        return (own, self.lang) if self.lang != HOME and own in self.files else (f"{stem}{suffix}", HOME)

    def _page(self, path: str, data: Variables, lang: str) -> str:
        own = dict(self._documents())
        # An agenda's letter.html may extend our letter.html, so its own files are found by their path as well.
        sources = {name.removeprefix(DOCUMENTS): text for name, text in own.items()} | own | dict(_layout())
        sources[path] = sources.get(path) or self._source(path)
        env = Sandbox(sources, html_filters(lang), dialect=f"html.{lang}")
        return self._render(env, path, path, {**_looks(data), **data}, lang)

    def _render(self, env: Sandbox, name: str, path: str, data: Variables, lang: str) -> str:
        env.globals.update(self.functions)
        try:
            return env.get_template(name).render({**data, "lang": lang})
        except TemplateSyntaxError as error:
            raise TemplateRefused(_sentence(path, error.lineno, error.message or "")) from error
        except TemplateNotFound as error:
            raise TemplateRefused(
                _sentence(path, None, Said(f"Šablona {error.name} tu není.", f"There is no template {error.name}."))
            ) from error
        except (TemplateError, Invalid, RecursionError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise TemplateRefused(_sentence(path, _line_of(error, name), said_by(error))) from error

    def _documents(self) -> Iterator[tuple[str, str]]:
        for path, content in self.files.items():
            if path.startswith(DOCUMENTS) and path.endswith(".html"):
                yield path, content.decode("utf-8-sig", "replace")

    def _source(self, path: str) -> str:
        if path not in self.files:
            raise TemplateRefused(Said(f"Agenda nemá soubor {path}.", f"The agenda has no file {path}."), path=path)
        return self.files[path].decode("utf-8-sig", "replace")


@dataclass(frozen=True, kw_only=True)
class TemplateProblem:
    """What is wrong with a template before anybody renders it."""

    path: str
    line: int | None
    message: str


def template_problems(files: Mapping[str, bytes]) -> list[TemplateProblem]:
    """Find templates of an agenda that can't be read at all."""
    found = []
    for path in sorted(files):
        if not path.startswith((DOCUMENTS, MESSAGES)) or not path.endswith((".html", ".md")):
            continue
        try:
            source = files[path].decode("utf-8-sig")
            Sandbox({}, filters(HOME), autoescape=False).from_string(source)
        except TemplateSyntaxError as error:
            found.append(TemplateProblem(path=path, line=error.lineno, message=error.message or ""))
        except (TemplateError, UnicodeDecodeError) as error:
            found.append(TemplateProblem(path=path, line=None, message=str(error)))
            continue
        if path.startswith(MESSAGES) and not source.lstrip().startswith("# "):
            found.append(
                TemplateProblem(
                    path=path,
                    line=1,
                    message=Said("První řádek musí být `# Předmět`.", "The first line must be `# Subject`."),
                )
            )
    return found


def _layout() -> Iterator[tuple[str, str]]:
    for file in LAYOUT.glob("*.html"):
        yield file.name, file.read_text(encoding="utf-8")


def _looks(data: Variables) -> Variables:
    """Give the layout the tenant's arms and colour, and its own style sheet."""
    tenant: Mapping[str, Json] = data.get("tenant") or {}
    arms = tenant.get("arms")
    uri = base64.b64encode(arms.encode()).decode() if isinstance(arms, str) and arms.lstrip().startswith("<") else ""
    colours = tenant.get("colours")
    light = colours.get("light") if isinstance(colours, Mapping) else None
    colour = str(light.get("tenant", "")) if isinstance(light, Mapping) else ""
    return {
        "arms": f"data:image/svg+xml;base64,{uri}" if uri else "",
        "tenant_colour": colour if re.fullmatch(r"#[0-9a-fA-F]{6}", colour) else DEFAULT_COLOUR,
        "layout_css": _style((LAYOUT / "letter.css").read_text(encoding="utf-8")),
        "own_css": "",
    }


def _style(css: str) -> Markup:
    """Let a style sheet stand inside <style>: it can't end the element."""
    return Markup(css.replace("</", "<\\/"))  # noqa: S704


def _line_of(error: BaseException, name: str) -> int | None:
    trace, line = error.__traceback__, None
    while trace:
        if trace.tb_frame.f_code.co_filename in {name, "<template>"}:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _sentence(path: str, line: int | None, reason: str) -> Said:
    if not line:
        return placed(path, reason)
    return Said(f"{path}, řádek {line}: {in_language(reason, 'cs')}", f"{path}, line {line}: {reason}")
