"""What browsers with live pages cost: percent of one core and MB more than without them, and how soon they show a
change. `bin/bench live` opens 250 for a minute; `bin/bench live 40` as many."""

import tempfile
from pathlib import Path

from tests.experiments.desk import Desk
from tests.experiments.live_load import measure

MOST_CPU, MOST_MB, MOST_HEARD, MOST_SHOWN = 5.0, 50.0, 1.0, 2.0
SECONDS = 60.0


def main(sizes: list[int]) -> int:
    """1 if a promise does not hold."""
    over = 0
    for browsers in sizes or [250]:
        with tempfile.TemporaryDirectory() as folder:
            desk = Desk(Path(folder)).populate()
            try:
                figures = measure(desk.start(), browsers, SECONDS)
            finally:
                desk.close()
        print(figures, flush=True)
        over |= (figures.more_cpu > MOST_CPU or figures.memory > MOST_MB
                 or figures.p99(figures.heard) > MOST_HEARD or figures.p99(figures.shown) > MOST_SHOWN)
    return int(over)
