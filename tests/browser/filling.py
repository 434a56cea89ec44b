"""Somebody fills the pages of a form: by touch, by keyboard only, without scripts; rows are added as needed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import FileChooser, Locator, TimeoutError

from tests.browser.application import PDF
from tests.browser.visitor import Visitor
from tests.browser.whole_grant import TICKED, Chosen, Sent

Answers = Mapping[str, str | Chosen | Sent]
#: What has the focus: its name, its kind, its value, and whether it is ticked.
FOCUSED = """() => {
  const {name = "", type: kind = "", value = "", checked: ticked = false} = document.activeElement;
  return {name, kind, value, ticked};
}"""
#: More stops than any page of a form has.
MOST_STOPS = 250
#: How often a file is asked for by the key, and milliseconds in which it should have been.
TRIES, SOON = 3, 5_000
#: The row that a control belongs to.
ROW = re.compile(r"^(.*)/(\d+)(/[^/]*)?$")


def fills(visitor: Visitor, answers: Answers) -> None:
    """Answer a page by touch; without scripts „Pokračovat“ brings the questions that answers open."""
    waiting = dict(answers)
    while waiting:
        here = [name for name in waiting if is_asked(visitor, name)]
        assert here, f"{list(waiting)} are not asked: {visitor.reads()}"
        for name in here:
            if is_asked(visitor, name):
                answer(visitor, name, waiting.pop(name))
        if waiting and not visitor.scripted:
            goes_on(visitor)


def is_asked(visitor: Visitor, name: str) -> bool:
    """Whether there is a control of that name, perhaps after a row is added for it."""
    control = visitor.page.locator(f'[name="{name}"]')
    row = ROW.match(name)
    if control.count() or row is None:
        return bool(control.count())
    add = visitor.page.locator(f'button[name="_do"][value="add:{row[1]}"]')
    if add.count() and (row[2] == "0" or visitor.page.locator(f'[name^="{row[1]}/{int(row[2]) - 1}"]').count()):
        with visitor.page.expect_navigation():
            add.click()
        visitor.settles()
    return bool(control.count())


def answer(visitor: Visitor, name: str, given: str | Chosen | Sent) -> None:
    """Answer one question."""
    if isinstance(given, Sent):
        visitor.settles()
        visitor.attaches(name, given.name, PDF)
    elif given == TICKED:
        visitor.page.locator(f'[name="{name}"]').check()
    elif isinstance(given, Chosen):
        for value in given.values:
            visitor.picks(name, value)
    else:
        visitor.types(name, given)


def goes_on(visitor: Visitor) -> None:
    visitor.presses("Pokračovat")


def types_through(visitor: Visitor, answers: Answers) -> None:
    """Answer a page by keyboard only, from its top to „Pokračovat“, and press that."""
    waiting = dict(answers)
    visitor.page.locator("h1").click()
    for _stop in range(MOST_STOPS):
        visitor.page.keyboard.press("Tab")
        focused = visitor.page.evaluate(FOCUSED)
        assert is_seen(visitor.page.locator(":focus")), focused
        if focused["name"] == "_do" and adds_what_waits(focused["value"], waiting):
            with visitor.page.expect_navigation():
                visitor.page.keyboard.press("Enter")
            visitor.settles()
            focused = visitor.page.evaluate(FOCUSED)
        if focused["name"] == "_go" and focused["value"] == "continue":
            assert not waiting, f"never reached: {list(waiting)}"
            with visitor.page.expect_navigation():
                visitor.page.keyboard.press("Enter")
            visitor.settles()
            return
        keys(visitor, focused, waiting)
    raise AssertionError(f"no way out of {visitor.page.url}; still waiting: {list(waiting)}")


def is_seen(control: Locator) -> bool:
    """Whether what has the focus can be seen and shows that it has it."""
    shown = control.evaluate(
        """(one) => [one, one.parentElement, one.closest(".element, .choice")].some((each) => each &&
          (getComputedStyle(each).outlineStyle !== "none" || getComputedStyle(each).boxShadow !== "none"))"""
    )
    return bool(shown) and control.is_visible()


def adds_what_waits(do: str, waiting: Answers) -> bool:
    """Whether a button adds a row that is waited for."""
    return do.startswith("add:") and any(name.startswith(do.removeprefix("add:") + "/") for name in waiting)


def keys(visitor: Visitor, focused: Mapping[str, Any], waiting: dict[str, str | Chosen | Sent]) -> None:
    """Press what answers the question that has the focus."""
    keyboard, name = visitor.page.keyboard, str(focused["name"])
    given = waiting.get(name)
    if given is None:
        return
    if isinstance(given, Sent):
        asked(visitor).set_files({"name": given.name, "mimeType": "application/pdf", "buffer": PDF})
    elif isinstance(given, str):
        keyboard.type(given)
    elif focused["kind"] == "checkbox":
        ticks(visitor, focused, given)
        if given != TICKED and focused["value"] != given.values[-1]:
            return
    elif focused["kind"] == "radio":
        goes_down_to(visitor, given)
    else:
        keyboard.type(given.values[0])
    del waiting[name]


def asked(visitor: Visitor) -> FileChooser:
    """Press Enter on the file that has the focus; the browser now and then lets a press pass right after a change."""
    for _ in range(TRIES - 1):
        visitor.settles()
        try:
            with visitor.page.expect_file_chooser(timeout=SOON) as chooser:
                visitor.page.keyboard.press("Enter")
            return chooser.value
        except TimeoutError:
            continue
    with visitor.page.expect_file_chooser() as chooser:
        visitor.page.keyboard.press("Enter")
    return chooser.value


def ticks(visitor: Visitor, focused: Mapping[str, Any], given: Chosen) -> None:
    """Tick a box that is to be ticked."""
    if (given == TICKED or focused["value"] in given.values) and not focused["ticked"]:
        visitor.page.keyboard.press("Space")
        visitor.settles()


def goes_down_to(visitor: Visitor, given: Chosen) -> None:
    """Choose the first radio, and go down to the right one."""
    visitor.page.keyboard.press("Space")
    visitor.settles()
    while (value := visitor.page.evaluate(FOCUSED)["value"]) != given.values[0]:
        visitor.page.keyboard.press("ArrowDown")
        visitor.settles()
        assert visitor.page.evaluate(FOCUSED)["value"] != value
