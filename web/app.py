"""The web application: the only place where its rooms meet."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from web import (
    accounts,
    auth,
    db,
    errors,
    headers,
    health,
    i18n,
    interrupted,
    language,
    limits,
    log,
    noting,
    numbers,
    oidc,
    packing,
    password_reset,
    said,
    second_step,
    sign_in,
    static_files,
    tenancy,
)
from web.api import mount as api
from web.bootstrap import Parts
from web.cockpit import audit, directory, mail_texts, organisation, people, personal, signing_in
from web.cockpit import mount as cockpit
from web.portal import (
    answering,
    applying,
    entering,
    files,
    following,
    gateway,
    hook_inbox,
    label_reading,
    mine,
    own_account,
    pages,
    pictures,
    printing,
    registers,
    resuming,
    row_inbox,
    views,
    voting,
)
from web.settings import Settings
from web.sifting import SiftingRequest
from web.studio.mount import BLUEPRINTS as STUDIO
from web.ui import filters
from web.workplace import bell
from web.workplace.mount import BLUEPRINTS as WORKPLACE

SESSION_HOURS = 12
csrf = CSRFProtect()


def config(settings: Settings) -> dict[str, object]:
    """Flask's configuration."""
    return {
        "SECRET_KEY": settings.signing_key(),
        "SESSION_COOKIE_NAME": "radnice",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=SESSION_HOURS),
        "MAX_CONTENT_LENGTH": settings.max_body,
        # Text fields of a long form; files are counted by MAX_CONTENT_LENGTH.
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        # A table of a thousand rows and seven columns, each control with what tells that it was on the page.
        "MAX_FORM_PARTS": 20_000,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "JSON_AS_ASCII": False,
        "SEND_FILE_MAX_AGE_DEFAULT": 3600,
    }


def register(app: Flask) -> None:
    """Put the rooms in."""
    opened = (
        views,
        applying,
        printing,
        resuming,
        files,
        following,
        answering,
        pictures,
        registers,
        gateway,
        pages,
        label_reading,
        row_inbox,
        hook_inbox,
    )
    portal = (*opened, voting, entering, mine, own_account)
    for room in (sign_in, oidc, second_step, password_reset, language, health, *portal):
        app.register_blueprint(room.blueprint)
    administration = (audit, directory, mail_texts, organisation, people, personal, signing_in)
    for blueprint in (*WORKPLACE, *STUDIO, cockpit.blueprint, *(room.blueprint for room in administration)):
        app.register_blueprint(blueprint)
    # Whoever calls it is not believed anyway.
    csrf.exempt(gateway.blueprint)
    # Programs come with a token or a signature, never with a cookie.
    csrf.exempt(row_inbox.blueprint)
    csrf.exempt(hook_inbox.blueprint)
    api.install(app, csrf)


def create_app(parts: Parts) -> Flask:
    """Compose the application of its parts."""
    app = Flask("web", static_folder=None, template_folder="ui/templates")
    app.request_class = SiftingRequest
    app.config.update(config(parts.settings))
    app.extensions["radnice"] = parts
    if parts.settings.proxies:
        hops = parts.settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    rooms = (
        packing,
        log,
        numbers,
        db,
        i18n,
        tenancy,
        errors,
        headers,
        auth,
        accounts,
        oidc,
        second_step,
        interrupted,
        filters,
        said,
        bell,
        static_files,
        noting,
    )
    for room in rooms:
        room.install(app)
    csrf.init_app(app)
    limits.install(app, parts.settings)
    register(app)
    return app
