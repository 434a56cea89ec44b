"""How a letter or mail of an agenda comes out: the first story that writes it, played with the text as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml.etree import tostring
from lxml.html import document_fromstring
from sqlalchemy import select

from engine.queries.papers import content_of
from engine.store.cases import JobRow
from engine.store.papers import DocumentRow
from processes.agenda import parse_agenda
from processes.documents import DOCUMENTS, MESSAGES
from processes.scenarios import play, read_scenarios
from web.stage import MemoryStage, Theatre

#: Stories that are played at most before one is said to be missing.
MOST_STORIES = 20


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A letter (its page in HTML, and as text) or a mail (subject and text) of a story."""

    story: str
    subject: str = ""
    text: str = ""
    html: str = ""


class NoProof(Exception):
    """No story writes the text; the message is the first thing that went wrong in one, or empty."""


def prove(files: Mapping[str, bytes], path: str, text: str) -> Proof:
    """Play the stories of an agenda until one writes the text at a path. Raises NoProof and AgendaRefused.

    A translation is written in the place of the Czech text, because stories are told in Czech.
    """
    stem, *_lang, suffix = path.split(".")
    agenda = parse_agenda({**files, f"{stem}.{suffix}": text.encode()})
    problem = ""
    with Theatre() as theatre:
        for story in read_scenarios(agenda)[:MOST_STORIES]:
            stage = theatre.stage(agenda, story.parameters)
            outcome = play(story, agenda, stage)
            found = _mail_in(stage, stem) if path.startswith(MESSAGES) else _letter_in(stage, stem)
            if found is not None:
                return Proof(story=story.title, **found)
            problem = problem or outcome.problem
    raise NoProof(problem)


def _mail_in(stage: MemoryStage, stem: str) -> dict[str, str] | None:
    keys = {job.key for job in _jobs(stage, "mail.send", stem.removeprefix(MESSAGES))}
    mail = next((one for one in stage.mails if one.key in keys), None)
    return {"subject": mail.subject, "text": mail.text} if mail else None


def _letter_in(stage: MemoryStage, stem: str) -> dict[str, str] | None:
    jobs = [job.id for job in _jobs(stage, "document.render", stem.removeprefix(DOCUMENTS))]
    with stage.sessions() as session:
        documents = session.scalars(select(DocumentRow).where(DocumentRow.job_id.in_(jobs)).limit(1))
        found = next(iter(documents), None)
        if found is None:
            return None
        content = content_of(session, stage.tenant, found.attachment_id)
    html = content.partition(b"\n")[2].decode()
    return {"html": html, "text": _as_text(html)}


def _as_text(page: str) -> str:
    """The words of a letter, line by line."""
    body = document_fromstring(page).find("body")
    for cell in body.iter("td", "th", "dt") if body is not None else ():
        cell.tail = f" {cell.tail or ''}"
    text = tostring(body, method="text", encoding="unicode") if body is not None else ""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _jobs(stage: MemoryStage, connector: str, template: str) -> list[JobRow]:
    """The jobs that wrote a template."""
    with stage.sessions() as session:
        rows = session.scalars(select(JobRow).where(JobRow.connector == connector)).all()
    return [row for row in rows if row.parameters.get("template") == template]
