"""What an author has in hand of an agenda besides forms: a diagram or a scenario as its proposal stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.errors import EngineError, NotFound, UnreadableModel
from engine.queries.authoring import ProposalFacts, content_of, open_proposals, proposal_of
from engine.reading import read_model
from engine.reading.layout import read_layout
from engine.reading.xml import parse_xml
from engine.sketch import drawn
from web.here import session
from web.i18n import language
from web.published import say
from web.studio import hand
from web.studio.hand import Published
from web.tenancy import tenant_key

KEY = re.compile(r"[A-Za-z0-9_][\w.-]{0,99}")
#: What the browser may send as one diagram; a hundred times what people draw.
MOST_BYTES = 3 * 2**20


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A diagram being changed."""

    published: Published
    key: str
    proposal: ProposalFacts
    content: str

    @property
    def path(self) -> str:
        """Where it lies in the agenda."""
        return path_of(self.key)

    @property
    def title(self) -> str:
        """What people call it."""
        return title_of(self.published, self.key, self.data)

    @property
    def address(self) -> Mapping[str, Any]:
        """What names it in addresses."""
        return {"agenda": self.published.agenda.key, "key": self.key}

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


def title_of(published: Published, key: str, content: bytes) -> str:
    """What a diagram of an agenda is called in the language of the page; its key where it has no name."""
    words = say(session(), tenant_key(), published.deployment_id, language())
    return titles_in(content, words) or key


def path_of(key: str) -> str:
    """Where a diagram lies in its agenda."""
    return f"{key}.bpmn"


def key_of(path: str) -> str:
    """The key of the diagram at a path."""
    return path.removesuffix(".bpmn")


def in_hand(agenda: str, key: str) -> Draft:
    """The diagram as its open proposal stands. Raises NotFound where nobody changes it."""
    hand.require_author()
    facts = proposal_of(session(), tenant_key(), agenda, path_of(key))
    if facts is None:
        raise NotFound
    content = content_of(session(), tenant_key(), facts.id, facts.head)
    return Draft(published=hand.published(agenda), key=key, proposal=facts, content=content)


def files_in_work(published: Published) -> dict[str, bytes]:
    """The published files with the open proposals laid over them."""
    files = dict(published.agenda.files)
    for one in open_proposals(session(), tenant_key(), published.agenda.key):
        files[one.path] = content_of(session(), tenant_key(), one.id, one.head).encode()
    return files


def revised(draft: Draft, content: str, version: int) -> Draft:
    """The draft after a step."""
    return replace(draft, content=content, proposal=replace(draft.proposal, version=version))


def readable(data: bytes) -> str:
    """A diagram's text in UTF-8, with a place for what nobody has drawn. Raises UnreadableModel."""
    if len(data) > MOST_BYTES:
        raise UnreadableModel(f"The file is larger than {MOST_BYTES >> 20} MB.", reason="long")
    parse_xml(data)
    if not read_layout(data).shapes:
        data = drawn(data, language())
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableModel("The file is not in UTF-8.", reason="encoding") from error
    return text
