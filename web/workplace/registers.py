"""Registers for the staff: which there are, and the list of the records of one."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.entitled import STAFF
from engine.queries.record_lists import Asked, counted, staff_view
from engine.queries.registers import registers
from web.auth import actor, sign_in_required
from web.here import session
from web.record_lists import COLUMN, FROM, IS, TO, sheet_of
from web.tenancy import tenant_key
from web.workplace.rows import overview

blueprint = Blueprint("staff_registers", __name__, url_prefix="/prace/registry")


@blueprint.get("")
@sign_in_required
def offered() -> ResponseReturnValue:
    """The registers that this person may read."""
    kept = registers(session(), tenant_key(), actor()) if actor().kind in STAFF else []
    views = [staff_view(session(), tenant_key(), one.key, actor()) for one in kept]
    return render_template("work/registers.html", registers=[(one, counted(session(), one, Asked())) for one in views])


@blueprint.get("/<key>")
@sign_in_required
def listing(key: str) -> ResponseReturnValue:
    """The records of a register, narrowed and sorted as the address says."""
    view = staff_view(session(), tenant_key(), key, actor())
    if view.register.series is not None:
        return overview(key)
    sheet = sheet_of(view, request.args)

    def address(**changed: str) -> str:
        return sheet.address(lambda **args: url_for("staff_registers.listing", key=key, **args), **changed)

    def export(kind: str) -> str:
        return sheet.address(lambda **args: url_for("record_files.export", key=key, kind=kind, **args))

    return render_template(
        "work/register.html",
        sheet=sheet,
        register=view.register,
        may_write=view.register.may_write(actor()),
        address=address,
        export=export,
        marks={"is": IS, "low": FROM, "high": TO, "column": COLUMN},
    )
