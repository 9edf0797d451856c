"""What a check of the settings finds: a contradiction, how grave it is, and where it is mended."""

from dataclasses import dataclass
from typing import Any

GRAVE, DOUBTFUL = "grave", "doubtful"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with the set-up. `sentence` says what and what follows from it, in the reader's words;
    `url` is the page on which it is mended; `about` groups findings of one room (teams, promises, mail …)."""

    about: Any
    weight: str
    sentence: str
    url: str
