"""Rows in time for the staff: which things have them, what was sent for one, the keys by which they are sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import NotAllowed, NotFound
from engine.queries import registers as reads
from engine.queries.figures import Figure
from engine.queries.record_lists import Asked, Listed, listed, staff_view
from engine.queries.row_keys import KeyFacts, generations, sets_of
from engine.queries.series import Standing, Wanted, photo, rows, standings, totals
from engine.registering import RevokeRowKey
from engine.registers.definitions import Register
from engine.registers.series import Series
from web.auth import actor, sign_in_required
from web.digits import whole
from web.errors import answer
from web.headers import as_file
from web.here import now, parts, session
from web.i18n import _, language
from web.label_sheets import sheets
from web.labelled import keys_of, labels_of
from web.limits import limiter
from web.noting import noted
from web.paper import PRINTS
from web.record_lists import LONGEST_CURSOR, LONGEST_QUERY
from web.tenancy import address_here, tenant, tenant_key
from web.ui.charts import Chart, chart, whole_time
from web.workplace.records import execute, names_of

blueprint = Blueprint("rows", __name__, url_prefix="/prace/registry/<key>")

#: Years whose months are drawn.
YEARS = 3
STATES = ("", "held", "refused", "all")
_LONGEST_NAME = 250


@dataclass(frozen=True, kw_only=True)
class Things:
    """Records above rows, as a page lists them."""

    above: Register
    found: Listed
    standings: dict[str, Standing]
    q: str


@blueprint.get("/radky/<record_id>")
@sign_in_required
def of_record(key: str, record_id: str) -> ResponseReturnValue:
    """What was sent for one thing, the newest first, and what it counts by months."""
    kept, series = _of_rows(key)
    record = reads.record(session(), tenant_key(), series.under, record_id, actor(), even_gone=True)
    state = request.args.get("stav", "") if request.args.get("stav", "") in STATES else ""
    wanted = Wanted(state=state, page=whole(request.args.get("page", "")) or 1)
    page = rows(session(), tenant_key(), key, record_id, wanted, actor())
    revoked = generations(session(), tenant_key(), key, "label").get(record_id) if series.label is not None else None

    def address(page: str) -> str:
        return url_for("rows.of_record", key=key, record_id=record_id, stav=state or None, page=page)

    return render_template(
        "work/rows_of_one.html",
        register=kept,
        series=series,
        record=record,
        above=reads.register(session(), tenant_key(), series.under),
        page=page,
        state=state,
        address=address,
        drawn=_by_month(kept, record_id),
        say=lambda channel: channel_name(series, channel),
        who=names_of([one.written_by for one in page.items]),
        may_write=kept.may_write(actor()),
        revoked=revoked,
    )


@blueprint.get("/foto/<photo_id>")
@sign_in_required
def picture(key: str, photo_id: str) -> Response:
    """The picture that proves a row."""
    _of_rows(key)
    kept = photo(session(), tenant_key(), key, photo_id, actor())
    noted("read-file", "register", key, row=photo_id)
    ending = kept.media_type.rpartition("/")[2]
    return as_file(Response(kept.content, mimetype=kept.media_type), f"{photo_id}.{ending}", inline=True)


@blueprint.get("/stitky.pdf")
@sign_in_required
@limiter.limit(PRINTS)
def label_sheet(key: str) -> ResponseReturnValue:
    """Labels of the things that have the words, 3 × 8 on A4."""
    kept, series = _of_rows(key)
    if series.label is None:
        raise NotFound
    if not kept.may_write(actor()):
        raise NotAllowed
    if parts().outside.pdf.unavailable():
        return answer(503, _("PDF can't be made here just now."))
    words = request.args.get("q", "").strip()[:LONGEST_QUERY]
    contact = ", ".join(filter(None, [tenant().name, tenant().phone or tenant().email]))
    found = labels_of(session(), kept, keys_of(key), actor(), base=address_here(), words=words, contact=contact)
    if not found:
        return answer(404, _("No record fits"))
    noted("exported", "labels", key, rows=len(found))
    made = parts().outside.pdf.print(sheets(found))
    return as_file(Response(made, mimetype="application/pdf"), f"{key}-stitky.pdf", inline=True)


@blueprint.get("/klice")
@sign_in_required
def keys(key: str) -> ResponseReturnValue:
    """Sets of devices with their tokens; no token is shown before somebody asks."""
    return _keys_page(_writable(key))


@blueprint.post("/klice")
@sign_in_required
def show_or_revoke(key: str) -> ResponseReturnValue:
    """Show the token of a set, or make it worthless and show the next one."""
    kept = _writable(key)
    name = request.form.get("set", "")[:_LONGEST_NAME]
    if name not in {one.name for one in sets_of(session(), tenant_key(), key)}:
        return _keys_page(kept, wrong=_("Choose a set of devices.")), 422
    if request.form.get("do") == "revoke":
        execute(RevokeRowKey(tenant=tenant_key(), actor=actor(), register=key, kind="set", name=name))
    noted("exported", "row-token", key)
    return _keys_page(kept, shown=name, token=keys_of(key).token(name), fresh=request.form.get("do") == "revoke")


@blueprint.post("/radky/<record_id>/stitek")
@sign_in_required
def revoke_label(key: str, record_id: str) -> ResponseReturnValue:
    """Make the label of a thing worthless: it was lost, copied or stuck elsewhere."""
    _writable(key)
    execute(RevokeRowKey(tenant=tenant_key(), actor=actor(), register=key, kind="label", name=record_id))
    flash(_("The label doesn't work any more. Print a new one."))
    return redirect(url_for("rows.of_record", key=key, record_id=record_id), 303)


def overview(key: str) -> ResponseReturnValue:
    """The things that have rows, each with the newest one: what the list of such a register is."""
    kept, series = _of_rows(key)
    view = staff_view(session(), tenant_key(), series.under, actor())
    q = request.args.get("q", "").strip()[:LONGEST_QUERY] if view.searchable else ""
    after, before = (request.args.get(name, "")[:LONGEST_CURSOR] for name in ("za", "pred"))
    found = listed(session(), view, Asked(q=q, after=after, before=before))
    stand = standings(session(), tenant_key(), key, [one.id for one in found.items], actor())
    return render_template(
        "work/rows.html",
        register=kept,
        series=series,
        things=Things(above=view.register, found=found, standings=dict(stand), q=q),
        say=lambda channel: channel_name(series, channel),
        may_write=kept.may_write(actor()),
        searchable=view.searchable,
    )


def channel_name(series: Series, channel: str) -> str:
    """How a count is called; one that has no name by what it is kept under."""
    titles = series.channels.get(channel, {})
    return titles.get(language()) or titles.get("cs") or channel


def _of_rows(key: str) -> tuple[Register, Series]:
    """A register of rows that this person may read. Raises NotFound, NotAllowed."""
    kept = reads.register(session(), tenant_key(), key)
    if kept.series is None:
        raise NotFound
    if not kept.may_read(actor()):
        raise NotAllowed
    return kept, kept.series


def _writable(key: str) -> Register:
    kept, _series = _of_rows(key)
    if not kept.may_write(actor()):
        raise NotAllowed
    return kept


def _by_month(kept: Register, record_id: str) -> tuple[Chart, Sequence[str]] | None:
    """The months of the last years as lines, one for each count; None where nothing is counted."""
    series = kept.series
    assert series is not None, "asked only of rows"
    since = f"{now().year - YEARS:04}-01"
    found = totals(session(), tenant_key(), kept.key, [record_id], "month", actor(), since)
    if not found:
        return None
    months = whole_time(sorted({one.period for one in found}))
    channels = sorted({one.channel for one in found})
    names: dict[str | None, str] = {one: channel_name(series, one) or _("Consumption") for one in channels}
    figures = [Figure(group=one.period, part=one.channel, value=float(one.total)) for one in found]
    drawn = chart("line", figures, {one: one for one in months}, names, in_time=True)
    return drawn, [_("Month"), *names.values()]


def _keys_page(kept: Register, *, shown: str = "", token: str = "", fresh: bool = False, wrong: str = "") -> str:
    series = kept.series
    assert series is not None, "asked only of rows"
    sets: Sequence[KeyFacts] = sets_of(session(), tenant_key(), kept.key) if series.inbox else ()
    html: str = render_template(
        "work/row_keys.html",
        register=kept,
        series=series,
        sets=sets,
        who=names_of([one.revoked_by for one in sets]),
        shown=shown,
        token=token,
        fresh=fresh,
        wrong=wrong,
        inbox=f"{address_here()}/api/ingest/{kept.key}",
    )
    return html
