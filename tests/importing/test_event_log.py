"""Reading a log: a file that cannot be taken is refused with line and column, before anything is stored."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.importing import event_log
from app.importing.event_log import BadLog
from tests.importing.conftest import HEADER, NOW

pytestmark = pytest.mark.slow

GOOD = "1,Accepted+In Progress,Adam,2012-04-02T08:00:00.000000"


@pytest.fixture
def read(tmp_path, incidents):
    def read_bytes(content, **changes):
        path = tmp_path / "log.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return event_log.read(path, replace(incidents, **changes), NOW)

    return read_bytes


@pytest.mark.parametrize("content, told", [
    (b"", "line 1: the file is empty"),
    (HEADER, "line 2: there is no row"),
    ("caseid,task,end_timestamp\n", "line 1: the column “user” is missing; the file has: caseid, task"),
    (f"{HEADER},user\n", "line 1: the column “user” stands there twice"),
    (f"{HEADER}\n{GOOD}\n2,Queued,Bo,yesterday\n", "line 3, column end_timestamp: “yesterday” is not a time"),
    (f"{HEADER}\n{GOOD}\n2,Queued,Bo,\n", "line 3, column end_timestamp: “” is not a time"),
    (f"{HEADER}\n{GOOD}\n2,Queued,Bo,2999-01-01T00:00:00\n", "line 3.*before 1970 or still to come"),
    (f"{HEADER}\n2,Queued,Bo,0001-01-01T00:00:00\n", "line 2.*before 1970"),
    (f"{HEADER}\n,Queued,Bo,2012-01-01\n", "line 2, column caseid: is empty"),
    (f"{HEADER}\n1,,Bo,2012-01-01\n", "line 2, column task: is empty"),
    (f"{HEADER}\n{'9' * 121},Queued,Bo,2012-01-01\n", "line 2, column caseid: is longer than 120"),
    (f"{HEADER}\n1,Queued,Bo\n", "line 2: has 3 values, the header has 4"),
    (f"{HEADER}\n1,Queued,Bo,2012-01-01,more\n", "line 2: has 5 values"),
    (f"{HEADER}\n{GOOD}\n1,Queued,\xc5se,2012-01-01\n".encode("latin-1"),
     "line 3, column 3: this is not utf-8 \\(byte 0xc5\\)"),
    (f"{HEADER}\n{GOOD}\n".encode("utf-16"), "line 1.*this is not utf-8"),
    (f"{HEADER}\n1,Qu\0eued,Bo,2012-01-01\n", "line 2: holds a null character"),
    (f'{HEADER}\n1,"Queued,Bo,2012-01-01\n', "line 2: unexpected end of data"),
])
def test_a_bad_file_is_refused_with_its_place(read, content, told):
    with pytest.raises(BadLog, match="log.csv, " + told):
        read(content)


def test_a_file_that_is_not_there(incidents, tmp_path):
    with pytest.raises(BadLog, match="gone.csv: No such file"):
        event_log.read(tmp_path / "gone.csv", incidents, NOW)


def test_cases_in_the_order_in_which_they_begin_and_rows_in_time(read):
    log = read(f"{HEADER}\n7,b,Bo,2012-01-02\n3,a,Bo,2012-01-01\n7,a,Bo,2012-01-01T12:00\n3,c,Bo,2012-01-01\n")
    assert [(case.ref, [row.activity for row in case.rows]) for case in log.cases] == [
        ("3", ["a", "c"]), ("7", ["a", "b"])]
    assert (log.rows, [row.line for row in log.cases[1].rows]) == (4, [4, 2])


def test_times_without_a_zone_are_of_the_mapping_s(read):
    [case] = read(f"{HEADER}\n1,a,Bo,2012-01-01T12:00\n1,b,Bo,2012-01-01T12:00+02:00\n", zone="Asia/Bishkek").cases
    assert [row.at for row in case.rows] == [datetime(2012, 1, 1, 6, tzinfo=UTC), datetime(2012, 1, 1, 10, tzinfo=UTC)]


def test_another_form_of_time_encoding_and_delimiter(read):
    content = "caseid;task;user;end_timestamp;city\n1;a;Åse;02.01.2012 13:05;Osh\n".encode("cp1252")
    log = read(content, encoding="cp1252", delimiter=";", time_format="%d.%m.%Y %H:%M")
    assert log.cases[0].rows[0] == (datetime(2012, 1, 2, 13, 5, tzinfo=UTC), 2, "a", "Åse")
    assert log.unread_columns == ["city"]


def test_a_byte_order_mark_and_empty_lines_do_no_harm(read):
    assert read(f"\N{BOM}{HEADER}\n\n{GOOD}\n\n").rows == 1


def test_an_unknown_encoding_is_named(read):
    with pytest.raises(BadLog, match="unknown encoding, latin-99"):
        read(HEADER, encoding="latin-99")
