"""A provider of identities on a port of its own: discovery, authorization with PKCE, tokens, keys, userinfo, logout.

It does what OpenID Connect says, with real signatures; a test may let it misbehave in one way.
"""

from __future__ import annotations

import base64
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey

Claims = dict[str, Any]


def plain(claims: Claims) -> str:
    """A token that nobody signed."""
    parts = [json.dumps(part).encode() for part in ({"alg": "none"}, claims)]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


@dataclass
class Identities:
    """The provider: who would sign in, who asked, what it does wrong."""

    issuer: str
    client_id: str = "radnice"
    client_secret: str = "tajemství klienta"
    #: Who is signed in there.
    person: Claims = field(default_factory=dict)
    names_itself: bool = True
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    published: RSAKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    #: Changes what a token says.
    change: Callable[[Claims], Claims] = lambda claims: claims
    #: Makes the token; None = signed as it should be.
    make: Callable[[Claims], str] | None = None
    now: Callable[[], int] = lambda: 0
    #: Changes what discovery says.
    discovery: Claims = field(default_factory=dict)

    def metadata(self) -> Claims:
        """What discovery says."""
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/logout",
            "authorization_response_iss_parameter_supported": self.names_itself,
        }
        return {**told, **self.discovery}

    def keys(self) -> Claims:
        """Its public keys."""
        return {"keys": [(self.published or self.key).as_dict(private=False)]}

    def authorize(self, address: str) -> str:
        """What a browser does there: somebody is signed in and agrees; gives where it is sent back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == self.client_id
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"], **({"iss": self.issuer} if self.names_itself else {})}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def token(self, sent: dict[str, str], authorization: str) -> tuple[int, Claims]:
        """Give tokens for a code, once, to the client that asked with the verifier of its challenge."""
        asked = self.codes.pop(sent.get("code", ""), None)
        known = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        fits = (
            asked is not None
            and authorization == f"Basic {known}"
            and sent["redirect_uri"] == asked["redirect_uri"]
            and create_s256_code_challenge(sent.get("code_verifier", "")) == asked["code_challenge"]
        )
        if not fits or asked is None:
            return 400, {"error": "invalid_grant"}
        at = self.now()
        claims = {"iss": self.issuer, "aud": self.client_id, "iat": at, "exp": at + 300, "nonce": asked["nonce"]}
        claims = self.change({**claims, **self.person})
        signed = self.make(claims) if self.make else jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        return 200, {"access_token": "t", "token_type": "Bearer", "id_token": signed}


@contextmanager
def provider() -> Iterator[Identities]:
    """Serve one on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path == "/authorize":
                self.send_response(302)
                self.send_header("Location", made.authorize(self.path))
                self.end_headers()
                return
            known = {"/.well-known/openid-configuration": made.metadata, "/keys": made.keys}
            told = known[path]() if path in known else {"sub": made.person.get("sub")} if path == "/userinfo" else None
            self.answer(404 if told is None else 200, told or {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            self.answer(*made.token(sent, self.headers.get("Authorization", "")))

        def answer(self, status: int, told: Claims) -> None:
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made = Identities(issuer=f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()
