"""Signing in by somebody else's word: OpenID Connect, authorization code with PKCE.

Every sign-in asks the provider anew who it is and which keys it has, so that rotated keys need no attention here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from integrations import strict_json
from integrations.failures import Failure, Permanent
from integrations.guard import ANY_HOST, ask, guarded_client

#: Signatures by the provider's own key. Never one that our secret makes, and never none at all.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
#: Seconds by which clocks may differ.
LEEWAY = 60
Claims = Mapping[str, Any]


class NotProven(Permanent):
    """What the provider answered does not prove who somebody is."""


@dataclass(frozen=True, kw_only=True)
class ProviderSettings:
    """A provider and what it knows us by."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    scopes: str = "openid profile email"
    #: It lies on an inner network: then only its own host is asked, and that may be a private address.
    private: bool = False


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One way there and back; only the browser that began it may end it."""

    redirect_uri: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    #: Of PKCE.
    verifier: str = field(repr=False)


class Provider:
    """A provider of identities."""

    def __init__(self, settings: ProviderSettings, client: httpx.Client | None = None) -> None:
        self.settings = settings
        hosts = {urlsplit(settings.issuer).hostname or ""} if settings.private else {ANY_HOST}
        self._client = client or guarded_client(hosts, allow_private=settings.private)

    def address(self, attempt: Attempt) -> str:
        """Where the browser goes. Raises Failure where the provider can't be asked."""
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": attempt.redirect_uri,
            "scope": self.settings.scopes,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": create_s256_code_challenge(attempt.verifier),
            "code_challenge_method": "S256",
        }
        return str(add_params_to_uri(_text(self._metadata(), "authorization_endpoint"), list(asked.items())))

    def claims(self, attempt: Attempt, code: str, issuer: str | None, now: datetime) -> Claims:
        """Give what the provider says of whoever came back with a code, once all of it is checked.

        `issuer`: who the answer says it is from (RFC 9207). Raises NotProven, Temporary.
        """
        metadata = self._metadata()
        named = metadata.get("authorization_response_iss_parameter_supported") is True
        if issuer != self.settings.issuer and (named or issuer is not None):
            raise NotProven("The answer is not from the provider that was asked.")
        tokens = self._tokens(metadata, attempt, code)
        told = self._proven(metadata, tokens, attempt.nonce, now)
        return {**self._more(metadata, tokens, str(told["sub"])), **told}

    def logout_address(self, back: str) -> str:
        """Where the browser signs out at the provider; "" where it has no such place."""
        address = self._metadata().get("end_session_endpoint")
        asked = {"client_id": self.settings.client_id, "post_logout_redirect_uri": back}
        return str(add_params_to_uri(address, list(asked.items()))) if isinstance(address, str) else ""

    def _metadata(self) -> Claims:
        found = self._json("GET", f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.settings.issuer:
            raise NotProven("The provider calls itself otherwise.")
        return found

    def _tokens(self, metadata: Claims, attempt: Attempt, code: str) -> Claims:
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": attempt.redirect_uri,
            "code_verifier": attempt.verifier,
        }
        known = (self.settings.client_id, self.settings.client_secret)
        ways = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        basic = bool(self.settings.client_secret) and "client_secret_basic" in ways
        if not basic:
            sent |= {"client_id": known[0], **({"client_secret": known[1]} if known[1] else {})}
        options: dict[str, Any] = {"data": sent, **({"auth": known} if basic else {})}
        return self._json("POST", _text(metadata, "token_endpoint"), **options)

    def _proven(self, metadata: Claims, tokens: Claims, nonce: str, now: datetime) -> Claims:
        keys = self._json("GET", _text(metadata, "jwks_uri"))
        ours = self.settings
        try:
            token = jwt.decode(_text(tokens, "id_token"), KeySet.import_key_set(dict(keys)), algorithms=ALGORITHMS)  # type: ignore[arg-type]
            wanted = {
                "iss": {"essential": True, "value": ours.issuer},
                "aud": {"essential": True, "value": ours.client_id},
                "nonce": {"essential": True, "value": nonce},
            }
            known = {"nonce": nonce, "client_id": ours.client_id, "access_token": tokens.get("access_token")}
            claims = CodeIDToken(token.claims, token.header, wanted, known)
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise NotProven(f"The identity token does not hold: {type(error).__name__}.") from error
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise NotProven("The identity token names nobody.")
        return dict(claims)

    def _more(self, metadata: Claims, tokens: Claims, subject: str) -> Claims:
        """What stands beside the token; only of the same person."""
        address, token = metadata.get("userinfo_endpoint"), tokens.get("access_token")
        if not isinstance(address, str) or not isinstance(token, str):
            return {}
        try:
            found = self._json("GET", address, headers={"Authorization": f"Bearer {token}"})
        except Failure:
            return {}
        return found if found.get("sub") == subject else {}

    def _json(self, method: str, url: str, **options: Any) -> Claims:
        answer = ask(self._client, method, url, **options)
        if answer.status_code != 200:
            raise NotProven(f"The provider answered {answer.status_code}.")
        try:
            found = strict_json.read(answer.content)
        except strict_json.BadJson as error:
            raise NotProven("The provider's answer can't be read.") from error
        if not isinstance(found, dict):
            raise NotProven("The provider's answer can't be read.")
        return found


def _text(found: Claims, name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str):
        raise NotProven(f"The provider does not say {name}.")
    return value
