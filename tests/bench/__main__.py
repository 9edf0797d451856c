"""`bin/bench [section] [sizes]`: desk (pages as ratios to a floor), time, sweep, backtest, search, tickets-search,
mail, ingest, live, first-page; without a name all."""

import sys
from importlib import import_module

SECTIONS = {"desk": "desk", "time": "business_time", "sweep": "sweeping", "backtest": "backtest",
            "search": "searching", "tickets-search": "tickets_search", "mail": "mail", "ingest": "ingest",
            "live": "live", "first-page": "first_page"}


def main(arguments: list[str]) -> int:
    """Run the sections; 1 if one of them is over its limits. Numbers are handed to the sections as sizes."""
    named = [word for word in arguments if not word.isdecimal()]
    if unknown := [word for word in named if word not in SECTIONS]:
        print(f"There is no section {unknown[0]}; there are {', '.join(SECTIONS)}.", file=sys.stderr)
        return 2
    sizes = [int(word) for word in arguments if word.isdecimal()]
    over = 0
    for name in named or (["desk"] if sizes else SECTIONS):
        print(f"--- {name}", flush=True)
        over |= import_module(f"tests.bench.{SECTIONS[name]}").main(sizes)
    return over


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
