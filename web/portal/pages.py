"""Public pages of agendas: numbers and charts of what is public."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from web.pages import block_of, choices_of, chosen, public, shown
from web.taking import as_download

blueprint = Blueprint("pages", __name__, url_prefix="/stranky")

#: How long a browser may show a page without asking again.
FRESH_SECONDS = 60


@blueprint.get("/<agenda>/<key>")
def page(agenda: str, key: str) -> ResponseReturnValue:
    one = chosen(public(), agenda, key)
    picked = choices_of(one, request.args, None)
    blocks = shown(one, None, picked)
    response = make_response(render_template("portal/page.html", one=one, blocks=blocks, picked=picked))
    response.cache_control.private = True
    response.cache_control.max_age = FRESH_SECONDS
    response.vary.add("Cookie")
    return response


@blueprint.get("/<agenda>/<key>/<int:place>.<kind>")
def download(agenda: str, key: str, place: int, kind: str) -> Response:
    one = chosen(public(), agenda, key)
    response = as_download(block_of(one, place, None, choices_of(one, request.args, None)), f"{key}-{place}", kind)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.cache_control.max_age = FRESH_SECONDS
    response.vary.add("Cookie")
    return response
