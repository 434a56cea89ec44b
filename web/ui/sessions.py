"""Sessions in words."""

from __future__ import annotations

from collections.abc import Mapping

from web.i18n import _


def ways() -> Mapping[str, str]:
    """How somebody came in."""
    return {
        "password": _("by password"),
        "directory": _("by the directory"),
        "link": _("by a link from e-mail"),
        "oidc": _("by another sign-in service"),
    }
