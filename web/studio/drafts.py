"""What an author has in hand of an agenda besides forms: a diagram or a decision as its proposal stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.dmn.placing import placed
from engine.dmn.texts import DecisionText, in_words, read_texts
from engine.errors import EngineError, Invalid, NotFound, UnreadableModel
from engine.queries.authoring import ProposalFacts, content_of, open_proposals, proposal_of
from engine.reading import read_model
from engine.reading.layout import read_layout
from engine.reading.xml import parse_xml
from engine.registers.definitions import read_register
from engine.registers.shape import shape_problems
from engine.sketch import drawn
from forms.edit import document
from forms.errors import FormSchemaError
from web.here import session
from web.i18n import language
from web.published import say
from web.said import reason_of
from web.studio import hand
from web.studio.hand import Published
from web.studio.rooms import DECISIONS, DIAGRAMS, REGISTERS, page_of, path_of, room_of
from web.tenancy import tenant_key

KEY = re.compile(r"[A-Za-z0-9_][\w.-]{0,99}")
#: What the browser may send as one diagram; a hundred times what people draw.
MOST_BYTES = 3 * 2**20


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A diagram, a file of decisions or a register being changed."""

    published: Published
    key: str
    proposal: ProposalFacts
    content: str

    @property
    def path(self) -> str:
        """Where it lies in the agenda."""
        return self.proposal.path

    @property
    def room(self) -> str:
        """Where it is edited."""
        return room_of(self.path) or DIAGRAMS

    @property
    def title(self) -> str:
        """What people call it."""
        return title_of(self.published, self.key, self.data, self.room)

    @property
    def address(self) -> Mapping[str, Any]:
        """What names it in addresses."""
        return {"agenda": self.published.agenda.key, "key": self.key, "room": self.room}

    @property
    def page(self) -> str:
        """The address where it is edited."""
        return page_of(self.published.agenda.key, self.path) or ""

    @property
    def data(self) -> bytes:
        """The file as it would be published."""
        return self.content.encode()

    @property
    def files(self) -> Mapping[str, bytes]:
        """The agenda as it would be with everything that is being changed in it."""
        return files_in_work(self.published) | {self.path: self.data}


def titles_in(content: bytes, words: Callable[[str], str]) -> str:
    """What the processes of a diagram are called; "" where it can't be read."""
    try:
        model = read_model(content)
    except EngineError:
        return ""
    return ", ".join(words(model.nodes[one].name) or one for one in model.processes)


def title_of(published: Published, key: str, content: bytes, room: str = DIAGRAMS) -> str:
    """What a file is called in the language of the page; its key where it has no name."""
    if room == REGISTERS:
        return title_in(content) or key
    words = say(session(), tenant_key(), published.deployment_id, language())
    return titles_in(content, words) or decisions_in(content, words) or key


def title_in(content: bytes) -> str:
    """What a register is called in the language of the page; "" where it can't be read."""
    try:
        titles = document.read(content).get("title")
    except FormSchemaError:
        return ""
    return str(titles.get(language()) or titles.get("cs") or "") if isinstance(titles, dict) else ""


def decisions_in(content: bytes, words: Callable[[str], str]) -> str:
    """What the decisions of a file are called; "" where it can't be read."""
    return ", ".join(words(one.name) for one in texts_in(content))


def told_in(published: Published, content: bytes) -> list[DecisionText]:
    """The decisions of a file in the language of the page."""
    words = say(session(), tenant_key(), published.deployment_id, language())
    return [in_words(one, words) for one in texts_in(content)]


def texts_in(content: bytes) -> list[DecisionText]:
    """The decisions of a file as they are written; none where it can't be read."""
    try:
        return read_texts(content)
    except UnreadableModel:
        return []


def in_hand(agenda: str, key: str, room: str = DIAGRAMS) -> Draft:
    """The file as its open proposal stands. Raises NotFound where nobody changes it."""
    hand.require_author()
    facts = proposal_of(session(), tenant_key(), agenda, path_of(key, room))
    if facts is None:
        raise NotFound
    content = content_of(session(), tenant_key(), facts.id, facts.head)
    return Draft(published=hand.published(agenda), key=key, proposal=facts, content=content)


def content_now(proposal: ProposalFacts) -> bytes:
    """A file as its proposal stands."""
    return content_of(session(), tenant_key(), proposal.id, proposal.head).encode()


def files_in_work(published: Published) -> dict[str, bytes]:
    """The published files with the open proposals laid over them."""
    files = dict(published.agenda.files)
    for one in open_proposals(session(), tenant_key(), published.agenda.key):
        files[one.path] = content_now(one)
    return files


def revised(draft: Draft, content: str, version: int) -> Draft:
    """The draft after a step."""
    return replace(draft, content=content, proposal=replace(draft.proposal, version=version))


def readable(data: bytes, room: str = DIAGRAMS) -> str:
    """A file's text in UTF-8, with a place for what nobody has drawn. Raises UnreadableModel."""
    if len(data) > MOST_BYTES:
        raise UnreadableModel(f"The file is larger than {MOST_BYTES >> 20} MB.", reason="long")
    if room == REGISTERS:
        readable_register(data)
    elif room == DECISIONS:
        data = placed(data)
    else:
        parse_xml(data)
        if not read_layout(data).shapes:
            data = drawn(data, language())
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableModel("The file is not in UTF-8.", reason="encoding") from error
    return text


def readable_register(data: bytes) -> None:
    """Make sure that a register can be kept as it is written. Raises UnreadableModel with the first thing wrong."""
    try:
        definition = document.read(data)
        wrong = shape_problems(definition)
        if not wrong and "$ref" not in definition["schema"]:
            read_register(definition)
    except (FormSchemaError, Invalid) as error:
        raise UnreadableModel(str(error), reason="register", why=reason_of(error)) from error
    if wrong:
        raise UnreadableModel(wrong[0], reason="register", why=wrong[0])
