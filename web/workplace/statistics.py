"""Statistics: the pages of agendas for those who work in them."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from web.auth import actor, sign_in_required
from web.noting import noted
from web.pages import block_of, choices_of, chosen, of_staff, shown, unreadable
from web.taking import as_download

blueprint = Blueprint("statistics", __name__, url_prefix="/prace/statistika")


@blueprint.get("")
@sign_in_required
def listed() -> ResponseReturnValue:
    """The pages of the person's agendas."""
    return render_template("work/statistics.html", pages=of_staff(actor()), unreadable=unreadable(actor()))


@blueprint.get("/<agenda>/<key>")
@sign_in_required
def page(agenda: str, key: str) -> ResponseReturnValue:
    """One page with its numbers."""
    one = chosen(of_staff(actor()), agenda, key)
    picked = choices_of(one, request.args, actor())
    return render_template("work/statistics_page.html", one=one, blocks=shown(one, actor(), picked), picked=picked)


@blueprint.get("/<agenda>/<key>/<int:place>.<kind>")
@sign_in_required
def download(agenda: str, key: str, place: int, kind: str) -> Response:
    """The numbers of one block."""
    one = chosen(of_staff(actor()), agenda, key)
    block = block_of(one, place, actor(), choices_of(one, request.args, actor()))
    rows = len(block.chart.rows) if block.chart else 1
    noted("exported", "statistics", one.path, block=place, format=kind, rows=rows)
    return as_download(block, f"{key}-{place}", kind)
