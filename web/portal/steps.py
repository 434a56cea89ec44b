"""Pages of a form in order: where the person is, where they may go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from forms.compile import Form
from forms.pointers import split
from web.i18n import _, language

#: Slug of the last page, after the form's own ones.
CHECK = "kontrola"
#: Key of the only page of a form without steps.
ONLY = "formular"


@dataclass(frozen=True, kw_only=True)
class Link:
    """A page in the line of steps."""

    title: str
    number: int
    #: done, now, next
    state: str
    #: "" = can't be gone to yet.
    url: str


class Steps:
    """The form's pages and how far the person got."""

    def __init__(self, form: Form, furthest: str | None) -> None:
        self.form = form
        self.keys = [step.key for step in form.steps] or [ONLY]
        self.furthest = furthest if furthest in (*self.keys, CHECK) else self.keys[0]

    @property
    def first(self) -> str:
        """Key of the first page."""
        return self.keys[0]

    def place(self, key: str) -> int:
        """Order of a page; the check is the last."""
        return len(self.keys) if key == CHECK else self.keys.index(key)

    def after(self, key: str) -> str:
        """The page after this one."""
        following = self.place(key) + 1
        return self.keys[following] if following < len(self.keys) else CHECK

    def reached(self, key: str, accepted: bool) -> str:
        """How far the person got when this page was posted."""
        now = self.after(key) if accepted else key
        return max(now, self.furthest, key=self.place)

    def title(self, key: str) -> str:
        """Name of a page in the language of the person."""
        if key == CHECK:
            return _("Check")
        step = self.form.step(key)
        return step_title(self.form, self.place(key), step.title) if step else _("Form")

    def title_after(self, key: str) -> str:
        """Name of the page after this one."""
        return self.title(self.after(key))

    def of(self, pointer: str) -> str:
        """The page on which a field is asked."""
        name = (split(pointer) or [""])[0]
        return next((step.key for step in self.form.steps if name in step.names), self.keys[-1])

    def links(self, current: str, url: Callable[[str], str]) -> list[Link]:
        """The line of steps with the check at its end."""
        here, reached = self.place(current), max(self.place(self.furthest), self.place(current))
        return [
            Link(
                title=self.title(key),
                number=place + 1,
                state="done"
                if place < here or (place < reached and place != here)
                else "now"
                if place == here
                else "next",
                url=url(key) if place <= reached and place != here else "",
            )
            for place, key in enumerate([*self.keys, CHECK])
        ]


def step_title(form: Form, at: int, czech: str) -> str:
    """The translation of a step's title, where the form has one."""
    translated = form.schema.get("x-translations", {}).get(language(), {})
    return str(translated.get(f"/x-steps/{at}/title", czech))
