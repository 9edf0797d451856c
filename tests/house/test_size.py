"""A size to feel at home in."""

from statistics import median

from . import source


def test_no_file_over_400_lines():
    assert [str(p) for p in source.python_files() if source.lines(p) > 400] == []


def test_no_function_over_50_lines_and_most_are_short():
    lengths = dict(source.functions())
    assert [name for name, length in lengths.items() if length > 50] == []
    assert median(lengths.values()) <= 6
    assert sum(length < 20 for length in lengths.values()) >= 0.9 * len(lengths)


def test_no_template_over_150_lines():
    assert [str(p) for p in source.templates() if source.lines(p) > 150] == []
