"""The mapping of articles: what it says, and how it names what is wrong with it."""

import pytest

from app.importing import article_mapping as mappings
from app.importing.piece import MappingError

from .article_folder import mapping, parsed

LEAST = """source = "wiki"
[[files]]
match = "**/*.md"
language = "en"
visibility = "staff"
"""


def complaint(tmp_path, text):
    path = tmp_path / "wiki.toml"
    path.write_text(text)
    with pytest.raises(MappingError) as error:
        mappings.read(path)
    return str(error.value).removeprefix(str(path))


def test_the_least_that_is_needed_makes_drafts(tmp_path):
    path = tmp_path / "wiki.toml"
    path.write_text(LEAST)
    [rule] = mappings.read(path).rules
    assert (rule.state, rule.visibility, rule.split_level) == ("draft", "staff", 0)


def test_visibility_has_no_default(tmp_path):
    text = LEAST.replace('visibility = "staff"\n', "")
    assert complaint(tmp_path, text) == ", line 2: files[1].visibility: is missing"


@pytest.mark.parametrize(("old", "new", "said"), [
    ('"staff"', '"everybody"', ", line 5: files[1].visibility: one of public, staff, teams is needed, not “everybody”"),
    ('"en"', '"fr"', ", line 4: files[1].language: one of en, ru, ky, auto, front matter, folder is needed, not “fr”"),
    ('"wiki"', '"sample"', ", line 1: source: live and sample are the desk's own words; another name is needed"),
    ("match", 'colour = "red"\nmatch', ", line 3: files[1].colour: is not understood here"),
    ("match", "split_level = 9\nmatch", ", line 3: files[1].split_level: a whole number up to 6 is needed"),
    ("match", "drop = ['(']\nmatch", ", line 3: files[1].drop: “(” is not a regular expression: "
                                     "missing ), unterminated subpattern at position 0"),
    ("match", "title_from = ['nose']\nmatch", ", line 3: files[1].title_from: one of front matter, first heading, "
                                              "first line, file name is needed, not “nose”"),
    ("match", 'teams = ["network"]\nmatch', ", line 3: files[1].teams: teams are named exactly where the visibility "
                                            "is teams"),
])
def test_what_is_wrong_is_named_with_its_line(tmp_path, old, new, said):
    assert complaint(tmp_path, LEAST.replace(old, new, 1)) == said


def test_the_second_rule_is_told_by_its_own_line(tmp_path):
    text = LEAST + '[[files]]\nmatch = "*"\nlanguage = "ru"\nvisibility = "nobody"\n'
    assert complaint(tmp_path, text).startswith(", line 9: files[2].visibility")


def test_broken_toml_and_a_missing_file_are_named(tmp_path):
    assert "(at line 1, column 10)" in complaint(tmp_path, "source = \n")
    with pytest.raises(MappingError, match="there is no such file"):
        mappings.read(tmp_path / "gone.toml")


def test_the_first_pattern_that_fits_wins():
    made = parsed("""source = "wiki"
[[files]]
match = "public/**"
language = "en"
visibility = "public"
[[files]]
match = "**/*.md"
language = "en"
visibility = "staff"
""")
    assert made.rule_for("public/a/b.md").visibility == "public"
    assert made.rule_for("a.md").visibility == made.rule_for("x/y/a.md").visibility == "staff"
    assert made.rule_for("a.txt") is None


@pytest.mark.parametrize(("pattern", "fits", "not_these"), [
    ("*.md", ["a.md"], ["x/a.md", "a.mdx"]), ("x/*.md", ["x/a.md"], ["x/y/a.md"]), ("x/**", ["x/a", "x/y/a"], ["y/a"]),
    ("00?_*.txt", ["001_a.txt"], ["0011_a.txt"]),
])
def test_patterns(pattern, fits, not_these):
    found = mappings.glob(pattern)
    assert all(found.fullmatch(path) for path in fits)
    assert not any(found.fullmatch(path) for path in not_these)


def test_a_team_is_needed_where_teams_read():
    with pytest.raises(MappingError, match="teams are named exactly"):
        mapping(visibility="teams")
