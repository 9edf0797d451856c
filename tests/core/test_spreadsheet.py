"""Rows for a spreadsheet."""

import csv
import io

import pytest

from app.core.spreadsheet import MARK, plain, to_csv


@pytest.mark.parametrize("text", ["=1+1", "+7", "-cmd", "@sum", "\tx", "\rx"])
def test_a_text_that_would_be_computed_stays_a_text(text):
    assert plain(text) == f"'{text}"


@pytest.mark.parametrize(("text", "shown"), [("a;=1+1", "a;'=1+1"), ("a\t@x", "a\t'@x"), ("a\n+7", "a\n'+7"),
                                             ("\n=1", "\n'=1"), ("a; =1", "a; =1"), ("a,=1", "a,=1")])
def test_nor_is_it_computed_where_cells_are_parted_by_semicolons(text, shown):
    """As where the language writes decimals with a comma; there quotes in the middle of a line are letters."""
    assert plain(text) == shown


@pytest.mark.parametrize(("cell", "shown"), [(None, ""), (-5, -5), (0, 0), ("a=b", "a=b"), ("", "")])
def test_the_rest_stays_as_it_is(cell, shown):
    assert plain(cell) == shown


def test_letters_quotes_and_lines_come_back():
    rows = [["Ticket", "Subject"], ["1", 'Принтер "HP", ө\nэтаж 2']]
    text = to_csv(rows[0], rows[1:])
    assert text.startswith(MARK)
    assert list(csv.reader(io.StringIO(text.removeprefix(MARK)))) == rows
