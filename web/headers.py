"""What every answer says to the browser: nothing comes from elsewhere, nothing runs that isn't ours."""

from __future__ import annotations

from flask import Flask, Response, g, request

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
#: For files people sent: whatever is in them stays in a box.
FILE_CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox"

PLAIN = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def add_headers(response: Response) -> Response:
    """Set what the view has not set itself."""
    response.headers.setdefault("Content-Security-Policy", CSP)
    for name, value in PLAIN.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if "Cache-Control" not in response.headers:
        response.cache_control.no_store = True
    if "request_id" in g:
        response.headers["X-Request-Id"] = g.request_id
    return response


def as_file(response: Response, filename: str, *, inline: bool = False) -> Response:
    """Hand a file out so that nothing inside it can act as a page of ours."""
    kind = "inline" if inline else "attachment"
    response.headers.set("Content-Disposition", kind, filename=filename)
    response.headers["Content-Security-Policy"] = FILE_CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.cache_control.private = True
    response.cache_control.no_cache = True
    return response


def install(app: Flask) -> None:
    app.after_request(add_headers)
