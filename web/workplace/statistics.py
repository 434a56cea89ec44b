"""Statistics: the pages of agendas for those who work in them."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from engine.model import Actor
from web.auth import actor, sign_in_required
from web.pages import Listed, block_of, chosen, of_staff, shown
from web.taking import as_download

blueprint = Blueprint("statistics", __name__, url_prefix="/prace/statistika")


@blueprint.get("")
@sign_in_required
def listed() -> ResponseReturnValue:
    """The pages of the person's agendas."""
    return render_template("work/statistics.html", pages=of_staff(actor()))


@blueprint.get("/<agenda>/<key>")
@sign_in_required
def page(agenda: str, key: str) -> ResponseReturnValue:
    """One page with its numbers."""
    one = chosen(of_staff(actor()), agenda, key)
    return render_template("work/statistics_page.html", one=one, blocks=shown(one, reader(one)))


@blueprint.get("/<agenda>/<key>/<int:place>.<kind>")
@sign_in_required
def download(agenda: str, key: str, place: int, kind: str) -> Response:
    """The numbers of one block."""
    one = chosen(of_staff(actor()), agenda, key)
    return as_download(block_of(one, place, reader(one)), f"{key}-{place}", kind)


def reader(one: Listed) -> Actor | None:
    """With whose eyes a page counts: one for the public says the same to everybody."""
    return None if one.page.public else actor()
