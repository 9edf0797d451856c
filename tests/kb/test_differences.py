"""What changed between two texts."""

import time

from app.kb.differences import Piece, compare


def test_word_by_word():
    assert compare("Switch it on.", "Switch it off.") == [
        Piece("same", "Switch it "), Piece("removed", "on"), Piece("added", "off"), Piece("same", ".")]


def test_the_two_texts_can_be_read_from_it():
    old = "".join(f"line {number}\n" for number in range(40))
    new = old.replace("line 20\n", "").replace("line 5\n", "line five\nand more\n")
    pieces = compare(old, new)
    assert sum(piece.lines for piece in pieces if piece.kind == "left_out") > 20
    assert [piece.text for piece in pieces if piece.kind == "removed"] == ["5", "line 20\n"]
    assert [piece.text for piece in pieces if piece.kind == "added"] == ["five", "and more\n"]


def test_equal_texts_leave_all_out():
    assert [piece.kind for piece in compare("a\n" * 9, "a\n" * 9)] == ["left_out"]


def test_a_very_long_text_costs_little():
    old = " ".join(f"word{number % 977}" for number in range(20_000))
    began = time.monotonic()
    compare(old, old[::-1])
    assert time.monotonic() - began < 20
