"""The server in front of the application."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.integration.web.desk import Desk
from web.app import create_app
from web.bootstrap import bootstrap
from web.serve import make_server
from web.settings import Settings


@pytest.mark.parametrize(("proxies", "dropped"), [(0, True), (1, False)])
def test_forwarded_addresses_reach_the_application_only_where_a_proxy_is_set(
    tmp_path: Path, proxies: int, dropped: bool
) -> None:
    parts = bootstrap(Settings(var=tmp_path, proxies=proxies))
    server = make_server(create_app(parts), parts, 0)
    try:
        assert server.adj.clear_untrusted_proxy_headers is dropped
    finally:
        server.close()
        parts.database.dispose()


@pytest.mark.parametrize(
    ("site", "packed"), [("none", True), ("same-origin", True), ("cross-site", False), (None, False)]
)
def test_a_page_is_packed_only_where_nobody_else_made_the_browser_ask_for_it(
    desk: Desk, site: str | None, packed: bool
) -> None:
    headers = {"Accept-Encoding": "gzip"} | ({"Sec-Fetch-Site": site} if site else {})
    page = desk.client.get("/prihlaseni", headers=headers)
    assert page.headers.get("Content-Encoding") == ("gzip" if packed else None)
    assert {"Accept-Encoding", "Sec-Fetch-Site"} <= set(page.vary)
    content = gzip.decompress(page.data) if packed else page.data
    assert b"</html>" in content
    assert int(page.headers["Content-Length"]) == len(page.data)
