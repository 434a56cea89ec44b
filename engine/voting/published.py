"""The published file of a vote: everything that whoever counts again needs, and what they find."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import chain, repeat

from engine.errors import Invalid
from engine.model import Json
from engine.voting.counting import Result, Spent, Standing, commitment_of, count, seed_of
from engine.voting.rules import Marks, Paper, read_paper

FORMAT = "radnice-vote-1"
MOST_BALLOTS = 20_000_000


@dataclass(frozen=True, kw_only=True)
class Recount:
    """What a count from the published file gives, and what in the file doesn't fit together."""

    result: Result
    #: Sentences in English; empty: everything fits.
    problems: Sequence[str]


def line_of(marks: Marks) -> str:
    """Write a ballot in its one form: `playground=2;trees=-1`, options by id, none that it gives nothing."""
    return ";".join(f"{name}={marks[name]}" for name in sorted(marks) if marks[name])


def marks_of(line: str) -> dict[str, int]:
    """Read a ballot that was so written."""
    return {name: int(number) for name, _, number in (part.partition("=") for part in line.split(";") if part)}


def box_of(ballots: Mapping[str, int], receipts: Iterable[str]) -> str:
    """Give the fingerprint of an opened box: of the lines of all ballots and of all receipts, each sorted."""
    digest = sha256()
    lines = chain.from_iterable(repeat(line, ballots[line]) for line in sorted(ballots))
    for line in chain(lines, sorted(receipts)):
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def publication(
    *, key: str, title: str, paper: Paper, ballots: Mapping[str, int], receipts: Sequence[str], secret: str
) -> dict[str, Json]:
    """Put the file together and count. `ballots` are lines with how many times each was cast."""
    box = box_of(ballots, receipts)
    seed = seed_of(secret, box)
    result = count(paper, ((marks_of(line), times) for line, times in ballots.items()), seed)
    return {
        "format": FORMAT,
        "key": key,
        "title": title,
        "rules": asdict(paper.rules),
        "classes": [asdict(one) for one in paper.classes],
        "options": [asdict(one) for one in paper.options],
        "commitment": commitment_of(secret),
        "secret": secret,
        "box": box,
        "seed": seed,
        "result": written(result),
        "ballots": [{"times": ballots[line], "marks": marks_of(line)} for line in sorted(ballots)],
        "receipts": sorted(receipts),
    }


def written(result: Result) -> dict[str, Json]:
    """Give a result as JSON has it."""
    return asdict(result)


def read_result(data: Json) -> Result:
    """Read a result that was so written."""
    standings, classes = ([kind(**one) for one in data[name]] for name, kind in _PARTS)
    return Result(**{**data, "standings": standings, "classes": classes})


_PARTS: tuple[tuple[str, type[Standing] | type[Spent]], ...] = (("standings", Standing), ("classes", Spent))


def recount(text: str) -> Recount:
    """Count a published file again. Raises Invalid where it isn't one."""
    try:
        data = json.loads(text)
        paper = read_paper(data["rules"], data["options"], data["classes"])
        ballots = Counter[str]()
        for one in data["ballots"]:
            ballots[line_of({name: int(number) for name, number in one["marks"].items()})] += int(one["times"])
        if sum(ballots.values()) > MOST_BALLOTS:
            raise Invalid(f"More than {MOST_BALLOTS} ballots are no vote of a town.", code="bad-file")
        receipts, secret = [str(each) for each in data["receipts"]], str(data["secret"])
        said = {name: data[name] for name in ("commitment", "box", "seed", "result")}
    except (ValueError, OverflowError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Invalid("This isn't a published file of a vote.", code="bad-file") from error
    if unknown := _unknown(ballots, paper):
        raise Invalid(f"A ballot names {unknown!r}, which isn't on the ballot paper.", code="bad-file")
    box = box_of(ballots, receipts)
    seed = seed_of(secret, box)
    result = count(paper, ((marks_of(line), times) for line, times in ballots.items()), seed)
    now = {"commitment": commitment_of(secret), "box": box, "seed": seed, "result": written(result)}
    problems = [sentence for name, sentence in _DIFFERENT.items() if said[name] != now[name]]
    return Recount(result=result, problems=[*_unfit(paper, ballots, receipts), *problems])


_DIFFERENT = {
    "commitment": "The secret of the lots is not the one that was promised before the vote.",
    "box": "The fingerprint of the box is not that of these ballots and receipts.",
    "seed": "The seed of the lots is not the one that this secret and this box give.",
    "result": "The published result is not the one that these ballots give.",
}


def _unknown(ballots: Mapping[str, int], paper: Paper) -> str:
    known = {option.id for option in paper.options}
    return next((name for line in ballots for name in marks_of(line) if name not in known), "")


def _unfit(paper: Paper, ballots: Mapping[str, int], receipts: Sequence[str]) -> Iterable[str]:
    if any(times < 1 for times in ballots.values()):
        yield "A ballot stands there fewer than one time."
    if len(set(receipts)) != len(receipts) or len(receipts) != sum(ballots.values()):
        yield "There are not as many different receipts as ballots."
    if broken := sum(times for line, times in ballots.items() if _is_broken(paper, line)):
        yield f"{broken} ballots break the rules."


def _is_broken(paper: Paper, line: str) -> bool:
    # Options withdrawn after the vote had begun may stand on ballots; a blank one came on paper.
    forgiven = ("empty", "unknown-option")
    return any(fault.code not in forgiven for fault in paper.faults(marks_of(line)))
