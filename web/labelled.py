"""Labels of things under which rows in time lie: which there are, and where their codes lead."""

from __future__ import annotations

from functools import partial

from sqlalchemy.orm import Session

from engine.model import Actor
from engine.queries.registers import RecordFacts, Wanted, records
from engine.queries.row_keys import generation
from engine.registers.definitions import Register
from web.here import parts, session
from web.label_sheets import Label
from web.row_keys import Keys
from web.tenancy import tenant_key

_PER_PAGE = 500


def keys_of(register: str) -> Keys:
    """Give the keys of a register of this request's organisation."""
    good = partial(generation, session(), tenant_key(), register)
    return Keys(secret=parts().settings.signing_key(), tenant=tenant_key(), register=register, good=good)


def labels_of(  # noqa: PLR0913 what a sheet stands on
    opened: Session, kept: Register, keys: Keys, actor: Actor, *, base: str, words: str = "", contact: str = ""
) -> list[Label]:
    """Give the labels of the things that have these words. Raises NotAllowed."""
    series = kept.series
    assert series is not None, "only rows have labels"
    lines = (series.label or {}).get("lines") or ()
    found: list[RecordFacts] = []
    page = 1
    while True:
        wanted = Wanted(q=words, page=page, page_size=_PER_PAGE)
        some = records(opened, keys.tenant, series.under, wanted, actor)
        found += some.items
        if len(found) >= some.total or not some.items:
            break
        page += 1
    return [
        Label(
            caption=one.caption,
            address=f"{base}/m/{keys.label(one.id)}",
            lines=[str(one.data[name]) for name in lines if one.data.get(name)],
            contact=contact,
        )
        for one in found
    ]
