"""Puts the cockpit's pages into its room."""

from __future__ import annotations

# Importing a page registers its views.
from web.cockpit import cases, intervening, log, migrating, processes, views
from web.cockpit.room import blueprint

__all__ = ["blueprint", "cases", "intervening", "log", "migrating", "processes", "views"]
