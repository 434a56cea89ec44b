"""Which organisation a request is for, and how its pages look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, g, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from engine.model import Json
from engine.store.people import TenantRow
from engine.store.session import see_as
from engine.store.wall import EVERY, NOBODY
from web.here import parts, session
from web.settings import Settings
from web.ui.colours import Palette, palette, tenant_css

blueprint = Blueprint("tenancy", __name__)

DEFAULT_ARMS = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 44"><path fill="{tenant}" d="M2 2h32v22c0 9-7 14-16 18'
    'C9 38 2 33 2 24z"/><path fill="none" stroke="#fff" stroke-width="2.5" stroke-linecap="round" '
    'stroke-linejoin="round" d="M10 29V18l8-7 8 7v11M15 29v-7h6v7M8 33h20"/></svg>'
)


@dataclass(frozen=True, kw_only=True)
class Tenant:
    """An organisation as its pages show it."""

    key: str
    name: str
    #: One line under the name.
    subtitle: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    phone: str = ""
    email: str = ""
    web: str = ""
    colours: Palette = field(default_factory=Palette)
    #: SVG text; None = a plain shield in the tenant's colour.
    arms: str | None = None
    #: Everything the tenant set.
    settings: Mapping[str, Json] = field(default_factory=dict)

    def arms_svg(self) -> str:
        """The coat of arms as SVG."""
        return self.arms or DEFAULT_ARMS.format(tenant=self.colours.light.tenant)

    def for_templates(self) -> dict[str, Json]:
        """The organisation as templates see it: what it set, its arms and a colour that can be read on paper."""
        looks = {"arms": self.arms_svg(), "colours": {"light": {"tenant": self.colours.light.tenant}}}
        return {**self.settings, **looks, "key": self.key, "name": self.name}


def from_row(row: TenantRow) -> Tenant:
    """A tenant with everything it set. Unknown settings are left alone."""
    given = row.settings or {}
    texts = {name: str(given.get(name) or "") for name in ("address", "phone", "email", "web")}
    subtitle = given.get("subtitle")
    return Tenant(
        key=row.key,
        name=row.name,
        subtitle=subtitle if isinstance(subtitle, dict) else {},
        colours=palette(given.get("colours")),
        arms=given.get("arms") if isinstance(given.get("arms"), str) else None,
        settings=given,
        **texts,
    )


def named_by(host: str, settings: Settings, rows: list[TenantRow]) -> TenantRow | None:
    """The tenant whose host this is, else the installation's default, else the first one."""
    by_key = {row.key: row for row in rows}
    # Of two that name one host the older has it, and what the installation says goes before both.
    own = {str(name).lower(): row for row in reversed(rows) for name in (row.settings or {}).get("hosts", ())}
    asked = settings.hosts.get(host)
    candidates = (by_key.get(asked or ""), own.get(host), by_key.get(settings.default_tenant))
    return next((row for row in candidates if row is not None), rows[0] if rows else None)


def find_tenant(session: Session, host: str, settings: Settings) -> Tenant | None:
    """The tenant of a host."""
    rows = list(session.scalars(select(TenantRow).order_by(TenantRow.created_at, TenantRow.key)))
    row = named_by(host.split(":")[0].lower(), settings, rows)
    return from_row(row) if row is not None else None


class Office(Protocol):
    """An organisation as far as its address goes."""

    @property
    def key(self) -> str: ...
    @property
    def settings(self) -> Mapping[str, Json]: ...


def seen_at(settings: Settings, office: Office) -> str:
    """Where an organisation is seen from outside: its own first host, else the installation's address.

    Never the host that a request names: whoever asks could lead the reader of a mail elsewhere.
    """
    listed = office.settings.get("hosts")
    own = [str(name).lower() for name in listed] if isinstance(listed, list) else []
    own += [name for name, key in settings.hosts.items() if key == office.key]
    base = urlsplit(settings.base_url)
    if not own or base.hostname in own:
        return settings.base_url
    return f"{base.scheme}://{own[0]}" + (f":{base.port}" if base.port else "")


def is_host_free(session: Session, host: str, settings: Settings, key: str) -> bool:
    """Whether an organisation may be found at a host: nobody else's, and not where the installation itself is."""
    if host in settings.hosts:
        return settings.hosts[host] == key
    if host == (urlsplit(settings.base_url).hostname or ""):
        return settings.default_tenant == key
    rows = session.scalars(select(TenantRow).where(TenantRow.key != key))
    return not any(host in map(str.lower, map(str, (row.settings or {}).get("hosts", ()))) for row in rows)


def taken_hosts(hosts: list[str]) -> list[str]:
    """Which of these hosts the organisation of this request can't have."""
    here, opened = tenant_key(), session()
    # Whether somebody else has it can be told only by looking at all.
    see_as(opened, EVERY)
    try:
        return [host for host in hosts if not is_host_free(opened, host, parts().settings, here)]
    finally:
        see_as(opened, here)


def tenant() -> Tenant:
    """The tenant of this request. 404 where the installation has none yet."""
    if "tenant" not in g:
        # Whose host it is can be told only by looking at all of them.
        opened = session()
        see_as(opened, EVERY)
        g.tenant = find_tenant(opened, request.host, parts().settings)
        see_as(opened, g.tenant.key if g.tenant is not None else NOBODY)
    found: Tenant | None = g.tenant
    if found is None:
        raise NotFound()
    return found


def tenant_key() -> str:
    """Key of the tenant of this request."""
    return tenant().key


def address_here() -> str:
    """Where the organisation of this request is seen from outside."""
    return seen_at(parts().settings, tenant())


@blueprint.get("/tenant.css")
def css() -> Response:
    """The five colours, light and dark."""
    return cached(Response(tenant_css(tenant().colours), mimetype="text/css"))


@blueprint.get("/arms.svg")
def arms() -> Response:
    """The coat of arms. Shown only as a picture: nothing inside it can run."""
    return cached(Response(tenant().arms_svg(), mimetype="image/svg+xml"))


def cached(response: Response) -> Response:
    """Let browsers keep it for an hour and ask again by its hash."""
    response.cache_control.public = True
    response.cache_control.max_age = 3600
    response.add_etag()
    response.make_conditional(request)
    return response


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
