"""What a refusal looks like from outside: one table of error classes, a page for people, problem+json for programs."""

from __future__ import annotations

import traceback
from http import HTTPStatus

import structlog
from flask import Flask, Response, json, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError, SQLAlchemyError
from werkzeug.exceptions import BadRequest, HTTPException, NotFound

from engine import errors
from engine.errors import EngineError
from engine.second_factor import FactorIsDemanded
from engine.signing_in import LinkIsOver
from forms.errors import PostTooLarge
from web import interrupted
from web.auth import SignInFirst, is_signed_in
from web.db import close_session
from web.i18n import _, language

log = structlog.get_logger("radnice.web")

#: Engine error class → status. The nearest class in the order of inheritance counts.
STATUS: dict[type[EngineError], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.Conflict: 409,
    errors.Invalid: 422,
    errors.ScriptError: 422,
    errors.TooMuchKept: 429,
    LinkIsOver: 410,
    EngineError: 422,
}

#: Engine error class → what a person reads. A class that is not here is told by the nearest one above it.
SENTENCES: dict[type[EngineError], str] = {
    errors.NotFound: lazy_gettext("There is nothing like that here."),
    errors.NotAllowed: lazy_gettext("You are not allowed to do this."),
    errors.AnswersOfOthers: lazy_gettext(
        "This file has answers that only some of the office may read. Everything else you find in the case under Forms."
    ),
    errors.AgendaOfOthers: lazy_gettext(
        "This belongs to an agenda in which you don't work. Ask your administrator if you should."
    ),
    FactorIsDemanded: lazy_gettext("Your organisation wants a second factor of you, so it can't be switched off."),
    errors.Conflict: lazy_gettext("Somebody was faster and the matter has changed meanwhile. Look at it again."),
    errors.ReviewWanted: lazy_gettext("Your organisation publishes only what a second person has approved."),
    errors.OwnChange: lazy_gettext("You took part in this change, so somebody else has to approve it."),
    errors.HumanTaskNotOpen: lazy_gettext("Somebody has already finished this task, or it is not needed any more."),
    errors.HumanTaskTaken: lazy_gettext("Somebody else has taken this task."),
    errors.InstanceNotRunning: lazy_gettext("The case has ended or is suspended, so this can't be done now."),
    errors.CannotMove: lazy_gettext("The case can't be moved there."),
    errors.CannotMigrate: lazy_gettext("What the case is doing has no place in that version."),
    errors.CannotUndo: lazy_gettext("The case has moved on since, so this can't be taken back any more."),
    errors.StaleRecord: lazy_gettext("Somebody changed the record while you were reading it. Look at the new version."),
    errors.RowsInTime: lazy_gettext(
        "Rows of this register are sent by a device, by the label on a thing, by a file or by a case. "
        "They can't be written by hand as a record."
    ),
    errors.Invalid: lazy_gettext("Something in the request can't be accepted."),
    errors.ScriptError: lazy_gettext("An expression of this agenda failed. The office knows about it."),
    errors.UnreadableModel: lazy_gettext("The file can't be read as BPMN or DMN."),
    errors.RefusedModel: lazy_gettext("The agenda has errors and was not published."),
    errors.TooMuchKept: lazy_gettext(
        "Too many unfinished applications are kept here just now. Please try again later."
    ),
    errors.BadTime: lazy_gettext("This is neither a date, nor a duration, nor a repeating interval."),
    errors.StatementRefused: lazy_gettext("The bank statement was refused as a whole."),
    LinkIsOver: lazy_gettext("The link has been used or has run out. Ask for a new one at the sign-in."),
    EngineError: lazy_gettext("This can't be done."),
}

#: Members of a problem that have their meaning from RFC 9457; no fact takes their place.
RFC_MEMBERS = frozenset({"type", "title", "status", "detail"})

#: Where people of the staff work.
ROOMS = ("/prace/", "/studio/", "/velin/")

#: Status → heading and explanation of its page.
PAGES: dict[int, tuple[str, str]] = {
    400: (lazy_gettext("We don't understand the request"), lazy_gettext("Go back and try it once more.")),
    401: (
        lazy_gettext("Sign in first"),
        lazy_gettext("This is only for those who sign in, or for programs with a token."),
    ),
    403: (
        lazy_gettext("You can't go here"),
        lazy_gettext("You don't have the right to see this. Sign in with another account, or ask your administrator."),
    ),
    404: (
        lazy_gettext("The page is not here"),
        lazy_gettext("The address may be mistyped, or the page has moved. All services are on the first page."),
    ),
    405: (lazy_gettext("This can't be done here"), lazy_gettext("Go back and use the buttons of the page.")),
    409: (lazy_gettext("Somebody was faster"), lazy_gettext("The matter has changed meanwhile. Look at it again.")),
    410: (
        lazy_gettext("This is no longer here"),
        lazy_gettext("The link has run out, or what it led to is finished."),
    ),
    413: (
        lazy_gettext("The file is too big"),
        lazy_gettext("Make the attachments smaller and send them again. The rest of the form is saved."),
    ),
    422: (lazy_gettext("This can't be accepted"), lazy_gettext("Go back and check what you have filled in.")),
    429: (
        lazy_gettext("Too many attempts"),
        lazy_gettext("Wait a minute and try again. We protect the accounts and cases of others by this."),
    ),
    500: (
        lazy_gettext("Something went wrong here"),
        lazy_gettext("The fault is ours and it was recorded. What you saved before stays saved. Try again later."),
    ),
    503: (lazy_gettext("We are busy just now"), lazy_gettext("Try again in a moment.")),
}


def nearest(error: EngineError, table: dict[type[EngineError], int] | dict[type[EngineError], str]) -> int | str:
    """The row of the nearest class in the order of inheritance."""
    return next(table[kind] for kind in type(error).__mro__ if kind in table)


def status_of(error: EngineError) -> int:
    """HTTP status of a refusal."""
    return int(nearest(error, STATUS))


def sentence(error: EngineError) -> str:
    """One sentence for the person, in the language of the page."""
    if isinstance(error, errors.RecordRefused):
        return " ".join(text for _at, text in error.sentences(language()))
    return str(nearest(error, SENTENCES))


def wants_json() -> bool:
    """Programs get problem+json: everything under /api, and whoever asks for JSON before HTML."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return request.path.startswith("/api/") or (best or "text/html") != "text/html"


def problem(status: int, detail: str, **extra: object) -> Response:
    """An error as RFC 9457 says."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **extra}
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/problem+json")


def at_desk() -> bool:
    """Whether somebody of the staff asks for a page of theirs."""
    return request.path.startswith(ROOMS) and is_signed_in()


def page(status: int, detail: str | None = None) -> ResponseReturnValue:
    """The page of an error, in the town's frame where that can be drawn."""
    heading, explanation = PAGES.get(status) or (PAGES[500] if status >= 500 else PAGES[400])
    facts = {"status": status, "heading": heading, "explanation": detail or explanation}
    if status < 500:
        try:
            desk = at_desk()
            if desk and status == 404 and not detail:
                facts["explanation"] = _("The address may be mistyped, or what it led to is gone. Search the cases.")
            return render_template("lost.html", at_desk=desk, **facts), status
        except (HTTPException, SQLAlchemyError):
            close_session()
    # This one reads nothing: even a broken database gets a page.
    return render_template("error.html", **facts), status


def answer(status: int, detail: str | None = None, **extra: object) -> ResponseReturnValue:
    """The answer in the form the asker reads."""
    if wants_json():
        return problem(status, detail or HTTPStatus(status).description or HTTPStatus(status).phrase, **extra)
    return page(status, detail)


def refused(error: EngineError) -> ResponseReturnValue:
    """The engine refused the request."""
    close_session()
    log.info("refused", error=type(error).__name__, **error.facts)
    if wants_json():
        extra = {name: value for name, value in error.facts.items() if name not in RFC_MEMBERS}
        return problem(status_of(error), str(error), **extra)
    return page(status_of(error), sentence(error))


def http_error(error: HTTPException) -> ResponseReturnValue:
    """Werkzeug refused the request; redirects pass through."""
    if error.code is None or error.code < 400:
        return error.get_response()
    own = error.description if wants_json() and error.description != type(error).description else None
    response = make_response(answer(error.code, own))
    # Which methods there are, when to come again: all but what the body is.
    response.headers.extend((name, value) for name, value in error.get_headers() if name.lower() != "content-type")
    return response


def csrf_error(_error: CSRFError) -> ResponseReturnValue:
    """The form was open too long, or it isn't ours."""
    sentence = _("The page was open for too long. Go back, reload it, and send it again. Nothing is lost.")
    return (None if wants_json() else interrupted.offer()) or answer(400, sentence)


def stranger(_error: SignInFirst) -> ResponseReturnValue:
    """Nobody is signed in, or no more."""
    close_session()
    return interrupted.sign_in_first()


def too_large(_error: PostTooLarge) -> ResponseReturnValue:
    """More fields, or deeper ones, than any form has: no page of ours sends that."""
    close_session()
    return answer(413, _("The page sent more than this form can have, so nothing was saved. Open the form anew."))


def busy(_error: OperationalError) -> ResponseReturnValue:
    """The database didn't answer in time."""
    close_session()
    log.error("database", error=type(_error.orig).__name__)
    return answer(503)


def unfit(error: DataError) -> ResponseReturnValue:
    """A value that passed every check and that the database can't keep, as a NUL in a text."""
    close_session()
    log.warning("unfit", error=type(error.orig).__name__)
    return answer(422)


def crash(error: Exception) -> ResponseReturnValue:
    """Our own fault: where it happened goes to the log, and never to the page."""
    close_session()
    log.error("crash", error=type(error).__name__, frames=frames(error))
    return answer(500)


def frames(error: BaseException) -> list[str]:
    """Where an error happened, and what caused it. Without messages: those may hold what people wrote."""
    told = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    cause = error.__cause__ or error.__context__
    return told if cause is None else [*told, f"because of {type(cause).__name__}", *frames(cause)]


def refuse_unreadable() -> None:
    """Refuse addresses with a NUL before anybody looks them up: PostgreSQL has no such text, so there is nothing."""
    if "\0" in request.path:
        raise NotFound
    if "\0" in "".join(text for pair in request.args.items(multi=True) for text in pair):
        raise BadRequest


def install(app: Flask) -> None:
    app.before_request(refuse_unreadable)
    app.register_error_handler(EngineError, refused)
    app.register_error_handler(CSRFError, csrf_error)
    app.register_error_handler(SignInFirst, stranger)
    app.register_error_handler(PostTooLarge, too_large)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(OperationalError, busy)
    app.register_error_handler(DataError, unfit)
    app.register_error_handler(Exception, crash)
