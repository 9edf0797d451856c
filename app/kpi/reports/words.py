"""The reports on knowledge for people: what each lists and how it is reckoned."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Report:
    """One list of clusters."""

    slug: str
    title: Any
    definition: Any
    asked: Any
    """What its column of counts is called."""


REPORTS: dict[str, Report] = {report.slug: report for report in (
    Report("nothing", _l("Nothing found"), _l("Searches that found no article the searcher may read."),
           _l("Searches")),
    Report("unopened", _l("Found, not opened"),
           _l("Searches on the page of results that found something, none of which was opened."), _l("Searches")),
    Report("filed", _l("Searched, then filed"),
           _l("Searches after which the same person filed a ticket within 30 minutes."), _l("Searches")),
    Report("unwritten", _l("Solved without an article"),
           _l("Solved tickets that you see on which no article came up, by their subjects."), _l("Tickets")),
    Report("unhelpful", _l("Did not help"),
           _l("Searches that led to an article of which somebody said within 30 minutes that it did not help."),
           _l("Searches")),
)}

PASSPORT = (
    (_l("Alike"), _l("Questions are compared by the stems of their telling words. A stem weighs the more the fewer "
                     "questions have it: ln(1 + N / n). Two questions are alike by the weight they share divided by "
                     "the weight of both; from 35 percent on they stand in one line.")),
    (_l("People"), _l("How many different people asked. Where it is forgotten who searched, each search counts as "
                      "one person, together with its rewordings.")),
    (_l("Handling time"), _l("Median business time until the resolution of the tickets in the line, if there are 3 or "
                             "more; else that of all tickets of the desk in its last month.")),
    (_l("At stake"), _l("People × handling time: what would be saved if each of them found the answer. The lines "
                        "stand in this order.")),
    (_l("Before and after"), _l("Questions a week before and after the article came out. It is too early until two "
                                "weeks have passed and 10 questions have come in all. It declined (or rose) if the "
                                "share of the later ones is surely smaller (or larger) than their share of the time, "
                                "by Wilson's interval (95 %).")),
    (_l("Solved"), _l("Of the searches that led to the article and ended in an answer or a ticket: answers ÷ (answers "
                      "+ tickets filed anyway), with Wilson's interval (95 %); not enough data below 10.")),
)
