"""The rooms of the workplace, for the application to put in."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from web.workplace import (
    bank,
    beginning,
    bell,
    bulk,
    calendar_feed,
    cases,
    clocks,
    imports,
    notice_settings,
    offers,
    orders,
    own_password,
    paper,
    record_files,
    record_links,
    records,
    registers,
    rows,
    saved_views,
    second_factor,
    sent_print,
    statistics,
    substitution,
    tasks,
    voting,
    whole_file,
    workload,
)

home = Blueprint("workplace", __name__)


@home.get("/prace")
def begin() -> ResponseReturnValue:
    """The workplace begins with its tasks."""
    return redirect(url_for("tasks.listed_page"))


BLUEPRINTS = (
    home,
    bulk.blueprint,
    saved_views.blueprint,
    tasks.blueprint,
    cases.blueprint,
    beginning.blueprint,
    whole_file.blueprint,
    sent_print.blueprint,
    clocks.blueprint,
    offers.blueprint,
    own_password.blueprint,
    second_factor.blueprint,
    paper.blueprint,
    statistics.blueprint,
    registers.blueprint,
    records.blueprint,
    rows.blueprint,
    record_files.blueprint,
    record_links.blueprint,
    imports.blueprint,
    bank.blueprint,
    orders.blueprint,
    bell.blueprint,
    notice_settings.blueprint,
    calendar_feed.blueprint,
    substitution.blueprint,
    workload.blueprint,
    voting.blueprint,
)
