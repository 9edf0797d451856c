"""What an import of articles came to, for a terminal: every file and every article is counted once."""

from collections.abc import Iterable, Iterator

from .article_import import Outcome
from .article_links import untouched

SHOWN = 40


def lines(outcome: Outcome) -> Iterator[str]:
    """The report; a dry run says what would happen."""
    yield from _files(outcome)
    yield from _articles(outcome)
    yield from _list("left out:", [f"{path}: {why}" for path, why in outcome.gathered.left.items()], None)
    yield from _list("left as they are:", [f"{ref}: {why}" for ref, why in outcome.kept.items()], None)
    yield from _list("in the desk but no longer in the folder (nothing is deleted):", outcome.vanished, None)
    yield from _list("links and pictures that could not be followed:", outcome.links.trouble, None)
    unused = untouched(outcome.gathered.beside, outcome.links.used)
    yield from _list("no text, and shown by no text:", unused, SHOWN)
    yield from _list("headings without a text:", outcome.gathered.without_text, SHOWN)
    yield _verdict(outcome)


def _files(outcome: Outcome) -> Iterator[str]:
    gathered = outcome.gathered
    beside, used = len(gathered.beside), len(outcome.links.used)
    yield _line("files in the folder", gathered.found)
    yield _line("  texts read", len(gathered.read))
    yield _line("  texts left out", len(gathered.left))
    yield _line("  pictures and documents shown", used)
    yield _line("  other files", beside - used)


def _articles(outcome: Outcome) -> Iterator[str]:
    would = " (would be)" if outcome.is_dry else ""
    gathered = outcome.gathered
    yield _line("articles in the folder", len(gathered.wanted))
    yield _line(f"  made{would}", len(outcome.made))
    yield _line(f"  changed{would}", len(outcome.changed))
    yield _line("  unchanged", len(outcome.unchanged))
    yield _line("  left as they are", len(outcome.kept))
    yield _line("short pieces merged into others", gathered.merged)
    yield _line("lines dropped by the mapping", gathered.dropped_lines)
    if outcome.is_dry:
        yield from _plan(outcome)


def _plan(outcome: Outcome) -> Iterator[str]:
    for word, found in (("make", outcome.made), ("change", outcome.changed)):
        for wanted in found:
            state = "draft" if wanted.is_draft else "published"
            yield f"{word}: {wanted.title} ({wanted.language}, {wanted.rule.visibility}, {state}) from {wanted.ref}"


def _line(name: str, count: int) -> str:
    return f"{name:<36} {count:>7,}"


def _list(head: str, found: Iterable[str], most: int | None) -> Iterator[str]:
    found = list(found)
    if found:
        yield head
        yield from (f"  {line}" for line in found[:most])
    if most and len(found) > most:
        yield f"  and {len(found) - most:,} more"


def _verdict(outcome: Outcome) -> str:
    if outcome.is_dry:
        return "Dry run: nothing was stored."
    wanted = len(outcome.gathered.wanted)
    word = "agree" if outcome.agrees else "do NOT agree"
    return f"{wanted:,} articles in the folder, {outcome.on_desk:,} of them on the desk: folder and desk {word}."
