"""Pages packed by gzip on their way, where packing can't tell anybody what is secret in them.

The length of a packed page betrays how much of it repeats (BREACH). Whoever wants to measure that must make the
browser of a person who is signed in ask for pages with guessed words in them, time and again, from a page of their own.
Browsers say of each such request where it comes from, in `Sec-Fetch-Site`, which no script can change: only what a
person typed or chose (`none`) and what came from our own pages (`same-origin`) is packed. A browser that says nothing
gets the page as it is. Besides, the session's cookie isn't sent with requests from other sites (SameSite=Lax).
"""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

HTML = "text/html"
OWN = frozenset({"none", "same-origin"})
#: Shorter answers fit one packet anyway, in bytes.
SHORTEST = 1000
LEVEL = 6


def is_packable(response: Response) -> bool:
    """Whether the answer is worth packing and may be."""
    plain = response.status_code not in (204, 206, 304) and not response.is_streamed and not response.direct_passthrough
    known = response.mimetype == HTML and "Content-Encoding" not in response.headers
    asked = request.method != "HEAD" and request.accept_encodings.quality("gzip") > 0
    return plain and known and asked and request.headers.get("Sec-Fetch-Site") in OWN


def pack(response: Response) -> Response:
    """Pack it; caches are told on what the form of the answer depends."""
    if response.mimetype == HTML:
        response.vary.update(("Accept-Encoding", "Sec-Fetch-Site"))
    if is_packable(response) and len(content := response.get_data()) >= SHORTEST:
        response.set_data(gzip.compress(content, LEVEL, mtime=0))
        response.content_encoding = "gzip"
    return response


def install(app: Flask) -> None:
    app.after_request(pack)
