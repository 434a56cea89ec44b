"""The page behind the label on a thing: what its counters show, from a phone, with a picture, without an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from engine.calendar import day_in_prague
from engine.commands import AppendRows
from engine.errors import Invalid
from engine.model import SYSTEM, RowFate, RowPhoto, Variables
from engine.queries.registers import RecordFacts, registers_of_rows, thing
from engine.queries.series import last_row
from engine.registers.definitions import Register
from engine.registers.series import Series, plain, thousandths
from web.db import close_session
from web.here import engine, now, parts, session
from web.i18n import _, language
from web.labelled import keys_of
from web.limits import PUBLIC_POST, limiter
from web.tenancy import tenant_key
from web.ui.form_flow import refuse_infected
from web.ui.images import FORMATS
from web.ui.uploads import FileRefused, judge, smaller
from web.ui.words import number

blueprint = Blueprint("label_reading", __name__)

_LONGEST_NAME = 100
#: Pictures are kept this small: figures of a meter can be read from them.
_LONGEST_SIDE = 1_280
_MOST_PHOTO = 20 * 2**20
#: What one label takes: somebody who copied it can't fill the disk.
_OFTEN = "60 per day"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One count that the page asks for."""

    channel: str
    #: Name of its field in the page.
    name: str
    title: str
    #: Newest value and its day; None = there is none, or it isn't shown.
    last: tuple[float, str] | None
    given: str = ""
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """The thing whose label was read."""

    register: Register
    record_id: str
    caption: str
    unit: str
    asked: Sequence[Asked]

    @property
    def series(self) -> Series:
        assert self.register.series is not None, "only rows have labels"
        return self.register.series

    @property
    def photo(self) -> bool:
        """Whether a picture may be sent too."""
        return bool((self.series.label or {}).get("photo"))


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What somebody sent by the page."""

    found: Labelled
    author: str
    #: Values by channel; empty where something is wrong.
    values: Mapping[str, float] = field(default_factory=dict)
    photo: RowPhoto | None = None
    photo_error: str = ""
    #: The numbers are lower than the last ones, and nobody has said yet that they are right.
    doubt: bool = False

    @property
    def wrong(self) -> bool:
        """Whether the page has to be shown again."""
        return bool(self.photo_error) or any(one.error for one in self.found.asked)


@blueprint.get("/m/<code>")
@limiter.limit(PUBLIC_POST)
def ask(code: str) -> ResponseReturnValue:
    """Ask for the numbers."""
    return _page(code, Sent(found=_labelled(code), author=""))


@blueprint.post("/m/<code>")
@limiter.limit(PUBLIC_POST)
@limiter.limit(_OFTEN, key_func=lambda: request.path)
def send(code: str) -> ResponseReturnValue:
    """Store the numbers; those lower than the last are asked about once more."""
    sent = _received(_labelled(code))
    if sent.wrong:
        return _page(code, sent), 422
    fates = _store(sent)
    if any(fate.status in ("rejected", "unknown") for fate in fates):
        error = _("The number can't be stored. Please tell the office.")
        asked = [replace(one, error=error) for one in sent.found.asked]
        return _page(code, replace(sent, found=replace(sent.found, asked=asked))), 422
    told = [(one, sent.values[one.channel]) for one in sent.found.asked]
    worst = min((fate.status for fate in fates), key=("held", "accepted", "duplicate").index)
    return render_template("portal/read.html", found=sent.found, told=told, status=worst, pictured=bool(sent.photo))


def _page(code: str, sent: Sent) -> str:
    return render_template("portal/reading.html", found=sent.found, sent=sent, code=code)


def _received(found: Labelled) -> Sent:
    values, asked = {}, []
    for one in found.asked:
        given = replace(one, given=request.form.get(one.name, "").strip()[:_LONGEST_NAME])
        try:
            values[one.channel] = plain(thousandths(given.given))
            if values[one.channel] < 0:
                raise Invalid
        except Invalid:
            given = replace(given, error=_("Write the number that the meter shows, for instance 1234,5."))
        asked.append(given)
    photo, photo_error = _photo() if found.photo else (None, "")
    sure, doubt = bool(request.form.get("sure")), False
    # A picture is proof enough: whoever looks at what was held back has it before them.
    if not any(one.error for one in asked) and not sure and photo is None:
        asked = [_doubted(one, values[one.channel]) for one in asked]
        doubt = any(one.error for one in asked)
    author = request.form.get("author", "").strip()[:_LONGEST_NAME]
    return Sent(
        found=replace(found, asked=asked),
        author=author,
        values=values,
        photo=photo,
        photo_error=photo_error,
        doubt=doubt or (sure and bool(photo_error)),
    )


def _doubted(one: Asked, value: float) -> Asked:
    if one.last is None or value >= one.last[0]:
        return one
    last = number(str(one.last[0]), language())
    return replace(one, error=_("The number is lower than the last one, %(last)s. Please look once more.", last=last))


def _photo() -> tuple[RowPhoto | None, str]:
    """The picture that was sent, made smaller and freed of what the camera knows; or the sentence why not."""
    upload = request.files.get("photo")
    if upload is None or not upload.filename:
        return None, ""
    try:
        content = upload.read(_MOST_PHOTO + 1)
        known = judge(upload.filename, content, accept=frozenset(FORMATS), most=_MOST_PHOTO)
        refuse_infected(known, parts().outside.scanner)
        kept = smaller(known, _LONGEST_SIDE)
    except FileRefused as error:
        return None, str(error)
    return RowPhoto(media_type=kept.media_type, content=kept.content), ""


def _store(sent: Sent) -> Sequence[RowFate]:
    found, series = sent.found, sent.found.series
    common: Variables = dict((series.label or {}).get("fixed") or {})
    common |= {series.by: found.record_id, series.time: now().isoformat()}
    if sent.author and "author" in found.register.properties:
        common["author"] = sent.author
    rows = [
        common | ({series.channel: channel} if channel else {}) | {series.value: value}
        for channel, value in sent.values.items()
    ]
    command = AppendRows(
        tenant=tenant_key(),
        actor=SYSTEM,
        register=found.register.key,
        rows=rows,
        sent_by="label",
        photos={0: sent.photo} if sent.photo else {},
    )
    close_session()
    return engine().execute(command)


def _labelled(code: str) -> Labelled:
    """Raises NotFound."""
    tenant = tenant_key()
    for register in registers_of_rows(session(), tenant):
        series = register.series
        if series is None or series.label is None:
            continue
        record_id = keys_of(register.key).record_of(code)
        record = thing(session(), tenant, series.under, record_id) if record_id else None
        if record is not None:
            return Labelled(
                register=register,
                record_id=record.id,
                caption=record.caption,
                unit=str(record.data.get("unit") or ""),
                asked=[_asked(register, series, record, one) for one in series.counts_of(record.data)],
            )
    abort(404)


def _asked(register: Register, series: Series, record: RecordFacts, channel: str) -> Asked:
    shown = None
    if (series.label or {}).get("shows_last"):
        shown = last_row(session(), tenant_key(), register.key, record.id, channel)
    titles = series.channels.get(channel, {}) if len(series.counts_of(record.data)) > 1 else {}
    return Asked(
        channel=channel,
        name=f"counter.{channel}" if channel else "counter",
        title=str(titles.get(language()) or titles.get("cs") or channel),
        last=None if shown is None else (plain(shown.value), day_in_prague(shown.at).isoformat()),
    )
