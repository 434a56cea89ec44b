"""What the office offers: one card for each service of the deployed agendas."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from processes.agenda import Agenda, Service


@dataclass(frozen=True, kw_only=True)
class Card:
    """A service in the language of the page."""

    agenda: str
    process: str
    title: str
    summary: str
    category: str
    icon: str
    needs: Sequence[str]
    duration: str
    outcome: str
    #: What the button says that sends the form; "" = the office didn't say.
    button: str = ""

    @property
    def path(self) -> str:
        """Address of the service's page."""
        return f"/sluzby/{self.agenda}/{self.process}"


def spoken(texts: Mapping[str, str], lang: str) -> str:
    """The text in the language, Czech where there is no other."""
    return texts.get(lang) or texts.get("cs", "")


def card(agenda: str, service: Service, lang: str) -> Card:
    """The card of a service."""
    return Card(
        agenda=agenda,
        process=service.process,
        title=spoken(service.title, lang),
        summary=spoken(service.summary, lang),
        category=spoken(service.category, lang),
        icon=service.icon,
        needs=tuple(service.needs.get(lang) or service.needs.get("cs") or ()),
        duration=spoken(service.duration, lang),
        outcome=spoken(service.outcome, lang),
        button=spoken(service.button, lang),
    )


def cards(agendas: Iterable[Agenda], lang: str) -> list[Card]:
    """All cards, by title."""
    found = [card(agenda.key, service, lang) for agenda in agendas for service in agenda.services]
    return sorted(found, key=lambda item: item.title.lower())


def folded(text: str) -> str:
    """Small letters without accents."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def search(all_cards: Sequence[Card], query: str) -> list[Card]:
    """Cards in which every word of the query begins some word; those with it in the title first."""
    words = folded(query).split()

    def hits(text: str) -> bool:
        have = folded(text).replace(",", " ").replace(".", " ").split()
        # Czech endings change: the first letters of a longer word are enough.
        return all(any(part.startswith(word[: max(4, len(word) - 2)]) for part in have) for word in words)

    whole = [item for item in all_cards if hits(f"{item.title} {item.summary} {item.category} {' '.join(item.needs)}")]
    return sorted(whole, key=lambda item: not hits(item.title))


def by_category(all_cards: Iterable[Card]) -> list[tuple[str, list[Card]]]:
    """Cards by life situation, situations by name."""
    ordered = sorted(all_cards, key=lambda item: (item.category, item.title.lower()))
    return [(category, list(items)) for category, items in groupby(ordered, key=lambda item: item.category)]
