"""Providers of identities (OpenID Connect) that the operator has set up for an organisation, by the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.model import Json
from integrations.oidc import Claims, Provider, ProviderSettings

#: For people of the staff, or for applicants (a national identity).
Audience = Literal["staff", "public"]


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A provider as pages offer it."""

    provider: Provider
    #: What its button says; "" = the host of its issuer.
    label: str
    #: Name of the claim with the person's groups there.
    groups_claim: str
    #: It asks for a second factor itself, so that ours isn't.
    proves_twice: bool


def variable(audience: Audience, field: str, tenant: str) -> str:
    """The variable of a setting: an organisation can't name another one's."""
    return f"RADNICE_OIDC_{audience.upper()}_{field}_{re.sub('[^A-Z0-9]', '_', tenant.upper())}"


def offered(tenant: str, audience: Audience) -> Offered | None:
    """The provider of an organisation; None where the operator has set none."""

    def said(field: str) -> str:
        return os.environ.get(variable(audience, field, tenant), "").strip()

    if not said("ISSUER") or not said("CLIENT_ID"):
        return None
    settings = ProviderSettings(
        issuer=said("ISSUER"),
        client_id=said("CLIENT_ID"),
        client_secret=said("CLIENT_SECRET"),
        scopes=said("SCOPES") or ProviderSettings.scopes,
        private=said("PRIVATE") == "1",
    )
    return Offered(
        provider=Provider(settings),
        label=said("LABEL"),
        groups_claim=said("GROUPS_CLAIM") or "groups",
        proves_twice=said("SECOND_FACTOR") == "provider",
    )


def groups_of(claims: Claims, claim: str, mapping: Mapping[str, Any]) -> frozenset[str]:
    """Our groups by those that a claim names; `realm_access.roles` looks inside."""
    found: Any = claims
    for name in claim.split(".") if claim not in claims else [claim]:
        found = found.get(name) if isinstance(found, Mapping) else None
    there = {str(one).strip("/") for one in found} if isinstance(found, list) else set()
    return frozenset(
        key for key, names in mapping.items() if not there.isdisjoint(str(one).strip("/") for one in names)
    )


def verified(claims: Claims) -> dict[str, Json]:
    """What a provider for applicants has verified: name, birth date, address; whatever it doesn't say is missing."""
    name = claims.get("name") or " ".join(str(claims.get(one) or "") for one in ("given_name", "family_name")).strip()
    told: dict[str, Json] = {"name": name, "birthdate": claims.get("birthdate"), "address": _address(claims)}
    parts = {one: claims.get(one) for one in ("given_name", "family_name")}
    return {key: value for key, value in {**told, **parts}.items() if value and isinstance(value, str | dict)}


def _address(claims: Claims) -> Json:
    given = claims.get("address")
    if not isinstance(given, Mapping):
        return None
    fields = ("formatted", "street_address", "locality", "postal_code", "country")
    return {one: str(given[one])[:300] for one in fields if isinstance(given.get(one), str)}
