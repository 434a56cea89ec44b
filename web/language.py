"""The switch of languages in the header: kept in the browser, and for a signed-in person wherever they sign in."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from engine.staffing import ChooseLanguage
from web.auth import actor, is_signed_in
from web.db import close_session
from web.here import engine
from web.i18n import LANGUAGES, local_path, remember
from web.tenancy import tenant_key

blueprint = Blueprint("language", __name__)


@blueprint.get("/jazyk/<code>")
def switch(code: str) -> Response:
    """Remember the language and go back."""
    response = redirect(local_path(request.args.get("next")))
    if code not in LANGUAGES:
        return response
    if is_signed_in():
        command = ChooseLanguage(tenant=tenant_key(), actor=actor(), language=code)
        close_session()
        engine().execute(command)
    return remember(response, code)
