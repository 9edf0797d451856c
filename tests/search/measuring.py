"""How well questions with known answers are answered: MRR@10 and success@5, by group and language."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .questions import Asked

LANGUAGES = ("en", "ru", "ky")


@dataclass(frozen=True)
class Score:
    """Over some questions: the mean of 1/place among the first ten, the share answered among the first five, and the
    share that found nothing."""

    mrr: float
    success: float
    empty: float
    count: int


def measure(asked: Iterable[Asked], places: Mapping[str, int],
            answer: Callable[[Asked], Sequence[int]]) -> dict[tuple[str, str], Score]:
    """(language, group or kind) -> score; the group ALL is the mean of the groups."""
    ranks = defaultdict(list)
    for one in asked:
        found = list(answer(one))
        wanted = {places[name] for name in one.expected}
        rank = next((place for place, number in enumerate(found[:10], 1) if number in wanted), None)
        for name in (one.group, one.kind):
            ranks[one.language, name].append((rank, not found))
    scores = {key: _score(held) for key, held in ranks.items()}
    groups = {one.group for one in asked}
    return scores | {(language, "ALL"): _mean([scores[language, group] for group in groups
                                              if (language, group) in scores])
                     for language in {one.language for one in asked}}


def _score(ranks: list[tuple[int | None, bool]]) -> Score:
    count = len(ranks)
    return Score(sum(1 / rank for rank, _empty in ranks if rank) / count,
                 sum(rank is not None and rank <= 5 for rank, _empty in ranks) / count,
                 sum(empty for _rank, empty in ranks) / count, count)


def _mean(scores: list[Score]) -> Score:
    return Score(sum(one.mrr for one in scores) / len(scores), sum(one.success for one in scores) / len(scores),
                 sum(one.empty * one.count for one in scores) / sum(one.count for one in scores),
                 sum(one.count for one in scores))


def table(scores: Mapping[tuple[str, str], Score]) -> str:
    """MRR@10 / success@5, one line per group and kind."""
    names = ["ALL", "intent", "terms", "form", "repair"]
    names += sorted({name for _language, name in scores} - set(names))
    lines = [f"{'':10}" + "".join(f"{language:>22}" for language in LANGUAGES)]
    for name in names:
        cells = [_cell(scores.get((language, name))) for language in LANGUAGES]
        lines.append(f"{name:10}" + "".join(f"{cell:>22}" for cell in cells))
    return "\n".join(lines)


def _cell(score: Score | None) -> str:
    return f"{score.mrr:.3f} / {score.success:.2f} ({score.count})" if score else "–"
