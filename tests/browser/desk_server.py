"""A form on a port of its own: pages and posts of one form, under the portal's Content-Security-Policy."""

from __future__ import annotations

import gzip
import mimetypes
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from engine.expressions import evaluate_value
from forms.actions import act, revealed
from forms.compile import Form, compile_form
from forms.summary import summary
from forms.validate import validate
from forms.view import view
from web import static_files
from web.ui.forms import environment, render_answers

ROOT = Path(__file__).parents[2] / "web"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"
)
SCRIPT = '<script src="/static/joined/page.js" defer></script>'
STYLE = '<link rel="stylesheet" href="/static/joined/public.css">'


class Desk(ThreadingHTTPServer):
    """Serves one form; `sent` are the answers that were accepted."""

    sent: dict[str, Any] | None = None
    #: Forms that this one judges, with their answers.
    reviewed: Mapping[str, tuple[Form, Mapping[str, Any]]] = {}

    def __init__(self, form: Form, begun: Mapping[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Clerk)
        self.form = form
        self.begun = begun

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Clerk(BaseHTTPRequestHandler):
    server: Desk

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        if self.path.startswith("/static/"):
            self._file(self.path.removeprefix("/static/"))
        else:
            self._page(self.server.begun)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        pairs = parse_qsl(body, keep_blank_values=True)
        form = self.server.form
        acted = act(form, pairs, evaluate=evaluate_value)
        errors = validate(form, acted.data, evaluate=evaluate_value)
        fresh = revealed(form, acted.data, pairs, evaluate=evaluate_value)
        if acted.action:
            self._page(acted.data, focus=acted.focus)
        elif here := [error for error in errors if not error.pointer.startswith(tuple(fresh) or ("?",))]:
            self._page(acted.data, errors=here)
        elif fresh:
            self._page(acted.data, focus=fresh[0])
        else:
            self.server.sent = acted.data
            self._send(str(render_answers(summary(form, acted.data))), "Zkontrolujte si odpovědi")

    def _page(self, data: Mapping[str, Any], **more: Any) -> None:
        shown = view(self.server.form, data, evaluate=evaluate_value, reviewed=self.server.reviewed, **more)
        source = (ROOT / "ui/templates/forms/page.html").read_text("utf-8")
        source = source.replace("form_fields(view)", 'form_fields(view, "/")').replace("</head>", SCRIPT + "</head>")
        html = environment().from_string(source).render(view=shown, title=shown.title)
        self._answer(html, 422 if shown.errors else 200)

    def _send(self, inner: str, title: str) -> None:
        head = f'<!doctype html><html lang="cs"><head><meta charset="utf-8"><title>{title}</title>{STYLE}</head>'
        self._answer(
            f'{head}<body class="public"><main class="wrap wrap-form"><h1>{title}</h1>{inner}</main></body></html>', 200
        )

    def _file(self, name: str) -> None:
        content = static_files.content(name)
        self._bytes(content, mimetypes.guess_type(name)[0] or "text/plain", 200 if content else 404)

    def _answer(self, html: str, status: int) -> None:
        self._bytes(html.encode(), "text/html; charset=utf-8", status)

    def _bytes(self, content: bytes, media_type: str, status: int) -> None:
        """Answer, packed as the product does."""
        body = gzip.compress(content)
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def served(schema: Mapping[str, Any], begun: Mapping[str, Any] | None = None) -> Iterator[Desk]:
    """Serve a form, `begun` with some answers, until the block ends."""
    desk = Desk(compile_form(schema), begun or {})
    thread = threading.Thread(target=desk.serve_forever, daemon=True)
    thread.start()
    try:
        yield desk
    finally:
        desk.shutdown()
        desk.server_close()
        thread.join(5)
