"""One text, several articles: by headings, without what is too short, the same in every run."""

from app.importing.article_split import cut, refs, unescaped, without_first_heading

from .article_folder import rule

GUIDE = """Intro

# Printers

How to print.

## Paper

Put paper in.

```
# not a heading
```

## Toner

# Scanners

How to scan.
"""


def headings(text, **about):
    return [section.heading for section in cut(text, rule(**about)).sections]


def test_without_a_level_the_file_is_one_article():
    [section] = cut(GUIDE, rule()).sections
    assert section.path == () and section.body == GUIDE.strip()


def test_an_article_for_each_heading():
    found = cut(GUIDE, rule(split_level=1)).sections
    assert [section.path for section in found] == [(), ("Printers",), ("Scanners",)]
    assert "## Paper" in found[1].body and "# not a heading" in found[1].body


def test_deeper_headings_know_where_they_stand():
    found = cut(GUIDE, rule(split_level=2))
    assert [section.path for section in found.sections] == [
        (), ("Printers",), ("Printers", "Paper"), ("Scanners",)]
    assert found.without_text == ["Toner"]


def test_underlined_headings_count_too():
    text = "Printers\n========\nText\n\nPaper\n-----\nText\n\n---\n\nText"
    assert headings(text, split_level=2) == ["Printers", "Paper"]


def test_short_pieces_go_to_the_one_before():
    text = f"# A\n{'long ' * 30}\n# B\nshort\n# C\n{'long ' * 30}\n"
    found = cut(text, rule(split_level=1, merge_below=50))
    assert [section.heading for section in found.sections] == ["A", "C"] and found.merged == 1
    assert found.sections[0].body.endswith("## B\n\nshort") and found.sections[0].merged == ("B",)


def test_a_short_beginning_goes_to_the_next():
    found = cut(f"Hello.\n# A\n{'long ' * 30}", rule(split_level=1, merge_below=50)).sections
    assert [section.heading for section in found] == ["A"] and found[0].body.startswith("Hello.\n\nlong")


def test_references_are_the_same_in_every_run_and_differ():
    sections = cut("# A\n1\n# B\n2\n# A\n3\n", rule(split_level=1)).sections
    assert refs("x/y.md", sections) == ["x/y.md#A", "x/y.md#B", "x/y.md#A (2)"]
    long = cut(f"# {'A' * 400}\n1\n", rule(split_level=1)).sections
    assert len(refs("x.md", long)[0]) <= 300


def test_headings_without_their_marks():
    assert unescaped(r"The **red** [button](x.md), 2 \* 3 and `vpn_name`") == "The red button, 2 * 3 and vpn_name"
    assert without_first_heading("## *Title*\n\nText") == ("Title", "Text")
    assert without_first_heading("Text\n# Later") == (None, "Text\n# Later")
