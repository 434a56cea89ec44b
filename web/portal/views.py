"""Pages anyone may open."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

blueprint = Blueprint("portal", __name__)

ABOUT = ("pristupnost", "osobni-udaje")


@blueprint.get("/")
def home() -> ResponseReturnValue:
    return render_template("portal/home.html", services=[])


@blueprint.get("/sledovat")
def track() -> ResponseReturnValue:
    return render_template("portal/home.html", services=[])


@blueprint.get("/o-portalu/<page>")
def about(page: str) -> ResponseReturnValue:
    if page not in ABOUT:
        raise NotFound()
    return render_template(f"portal/{page}.html")
