"""The server in front of the application."""

from __future__ import annotations

from pathlib import Path

import pytest

from web.bootstrap import bootstrap
from web.serve import make_server
from web.settings import Settings


@pytest.mark.parametrize(("proxies", "dropped"), [(0, True), (1, False)])
def test_forwarded_addresses_reach_the_application_only_where_a_proxy_is_set(
    tmp_path: Path, proxies: int, dropped: bool
) -> None:
    parts = bootstrap(Settings(var=tmp_path, proxies=proxies))
    server = make_server(parts, 0)
    try:
        assert server.adj.clear_untrusted_proxy_headers is dropped
    finally:
        server.close()
        parts.database.dispose()
