"""Rosters as learning systems write them."""

from __future__ import annotations

import io
import os
import random
import sys
import threading
import zipfile
from pathlib import Path

import openpyxl
import pytest

from handbook.batch.roster import (
    Roster,
    RosterOptions,
    parse_columns,
    parse_day,
    plain_cell,
    read_roster,
    safe_cell,
)
from handbook.core.diagnostics import HandbookError

FIELDS = {"learner": 1, "cohort": 1, "exam-date": 1}
WANT = [{"id": "7", "learner": "Zoë Łuk", "role": "sre"}, {"id": "8", "learner": "Юлия"}]


def written(path: Path, data: bytes) -> Roster:
    path.write_bytes(data)
    return read_roster(str(path), FIELDS)


def values(roster: Roster) -> list[dict[str, str]]:
    return [dict(row.values) for row in roster.rows]


TEXT = "ID,Full Name,Job-Role\n7,Zoë Łuk,sre\n\n8,Юлия,\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separated_values_in_any_dress(
    tmp_path: Path, delimiter: str, encoding: str, end: str
) -> None:
    text = TEXT.replace(",", delimiter).replace("\n", end)
    assert values(written(tmp_path / "a.csv", text.encode(encoding))) == WANT


def test_the_windows_code_page(tmp_path: Path) -> None:
    assert values(written(tmp_path / "a.csv", "name\nJosé Núñez\n".encode("cp1252"))) == [
        {"learner": "José Núñez"}
    ]


def test_quoted_newlines_and_delimiters(tmp_path: Path) -> None:
    data = b'name,cohort\n"Asha Rao, PhD","Spring\n2027"\n'
    assert values(written(tmp_path / "a.csv", data)) == [
        {"learner": "Asha Rao, PhD", "cohort": "Spring\n2027"}
    ]


def test_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["ID", "Name", "Role"], [7, "Zoë Łuk", "sre"], [8.0, "Юлия", None]):
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    assert values(written(tmp_path / "a.xlsx", data.getvalue())) == WANT


PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>{head}<style>td {{}}</style></head>
<body><table><tr><td>Report of the academy</td></tr></table>
<table border=1><!-- made by a report -->
<tr><th>ID<th>Full&nbsp;Name<th colspan=2>Job-Role<th>Cohort
<tr><td x:num>7<td><b>Zoë</b><br>Łuk<td>sre<td><td rowspan=2>Spring
<tr><td>8<td>Юлия<td><td>
<tr style="display:none"><td>9<td>Gone Person<td>sre<td><td>Spring
</table></body></html>"""


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", '<meta charset="utf-8">'),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("utf-8", ""),
    ],
)
def test_a_web_page_that_is_called_a_workbook(tmp_path: Path, encoding: str, head: str) -> None:
    roster = written(tmp_path / "a.xls", PAGE.format(head=head).encode(encoding))
    assert values(roster) == [{**row, "cohort": "Spring"} for row in WANT]
    assert dict(roster.left_out) == {"hidden row": 1}


def test_a_web_page_in_an_old_encoding(tmp_path: Path) -> None:
    page = "<table><tr><td>Name<tr><td>José Núñez</table>".encode("cp1252")
    assert values(written(tmp_path / "a.xls", page)) == [{"learner": "José Núñez"}]


def test_a_workbook_in_xml(tmp_path: Path) -> None:
    sheet = (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"><Table>'
        "{rows}</Table></Worksheet></Workbook>"
    )
    cell = '<Cell><Data ss:Type="String">{}</Data></Cell>'
    rows = "<Row>{}</Row>".format("".join(map(cell.format, ["ID", "Name", "Role", "Exam date"])))
    rows += '<Row>{}<Cell ss:Index="4"><Data ss:Type="DateTime">2027-02-15T00:00:00.000</Data></Cell></Row>'.format(
        "".join(map(cell.format, ["7", "Zoë &amp; Łuk"]))
    )
    found = values(written(tmp_path / "a.xls", sheet.format(rows=rows).encode()))
    assert found == [
        {"id": "7", "learner": "Zoë & Łuk", "exam": "2027-02-15", "exam-date": "2027-02-15"}
    ]


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<html><body>Please sign in</body></html>", "a web page without a table"),
        ("<table><tr>" + "<td colspan=999>Name" * 40 + "</table>", "too many cells"),
    ],
)
def test_web_pages_that_are_not_rosters(tmp_path: Path, page: str, words: str) -> None:
    with pytest.raises(HandbookError, match=words):
        written(tmp_path / "a.xls", page.encode())


def test_json_lines(tmp_path: Path) -> None:
    data = '{"id": 7, "name": "Zoë Łuk", "role": "sre"}\n\n{"name": "Юлия", "id": 8}\n'
    assert values(written(tmp_path / "a.jsonl", data.encode())) == WANT


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Given:
        buffer = io.BytesIO(TEXT.encode())

    monkeypatch.setattr(sys, "stdin", Given)
    assert values(read_roster("-", FIELDS)) == WANT


def test_columns_are_chosen_by_name_or_by_option(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Participant,EXAM_DATE,Shoe size\nAsha,15 Feb,9\n", "utf-8")
    roster = read_roster(str(path), FIELDS, RosterOptions(parse_columns(["learner=Participant"])))
    assert values(roster) == [{"learner": "Asha", "exam": "15 Feb", "exam-date": "15 Feb"}]
    assert roster.unused == ("Shoe size",)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the roster is empty"),
        (b"shoe,size\n1,2\n", "no column of the roster is a name"),
        (b"name,Name\nA,B\n", "two columns could be 'learner'"),
        (b'{"name": A}\nnope\n', "no line of the roster is a JSON object"),
        (b"PK\x03\x04nonsense", "the workbook is damaged"),
        (random.Random(1).randbytes(3000), "neither a workbook nor text"),
        (b"\0\0\0\0name\0\0", "neither a workbook nor text"),
    ],
)
def test_what_is_not_a_roster(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(HandbookError, match=words):
        written(tmp_path / "a", data)


def test_columns_with_a_slip_in_their_name_are_named(tmp_path: Path) -> None:
    with pytest.raises(HandbookError) as problem:
        written(tmp_path / "a", b"Id,Nmae,Role\n1,A,sre\n")
    assert '--column "learner=Nmae"' in problem.value.diagnostics[0].hint
    roster = written(tmp_path / "b", b"Name,Roel,Shoe size\nA,sre,9\n")
    assert [note for note in roster.notes if "Shoe" in note] == []
    assert "no column is the role; if it is 'Roel', say --column \"role=Roel\"" in roster.notes


def test_a_second_table_has_no_learners(tmp_path: Path) -> None:
    """Teams writes what happened in a meeting below who was there, with a header of its own."""
    roster = written(
        tmp_path / "a",
        b"2. Participants\nName\tEmail\tParticipant ID (UPN)\nAda\ta@x\ta@x\n\n"
        b"3. In-Meeting Activities\nName\tJoin Time\nAda\t9:00\nAda\t9:30\n",
    )
    assert [row["learner"] for row in values(roster)] == ["Ada"]
    assert roster.left_out == {"footer row": 1, "second-table row": 3}
    again = written(tmp_path / "b", b"Name,Email\nAda,a@x\n\nName,Email\nBo,b@x\n")
    assert [row["learner"] for row in values(again)] == ["Ada", "Bo"]


def test_a_list_of_an_sap_system_is_read(tmp_path: Path) -> None:
    text = "01.12.2026\t\tListe\n\n\tPernr\tName des Mitarbeiters\n\t00042\tJosé Rao\n"
    roster = written(tmp_path / "a.txt", text.encode("utf-16"))
    assert values(roster) == [{"id": "00042", "learner": "José Rao"}]


def test_a_cell_that_is_too_long_is_not_called_an_open_quotation(tmp_path: Path) -> None:
    roster = written(tmp_path / "a", b"ID,Name\n1," + b"x" * 70_000 + b"\n2,Bo\n")
    assert [row.problem for row in roster.rows] == [
        "a cell of this row has more than 65,536 characters",
        "",
    ]


def test_a_list_in_json_is_its_entries(tmp_path: Path) -> None:
    roster = written(tmp_path / "a", b'[{"id": 1, "name": ["Ada"], "role": ["dev", "sre"]}]')
    assert values(roster) == [{"id": "1", "learner": "Ada", "role": "dev, sre"}]


def test_a_roster_may_come_from_a_pipe(tmp_path: Path) -> None:
    """Shells give a pipe a path: `handbook batch <(make-roster)`."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"ID,Name\n1,Ada\n",))
    writer.start()
    roster = read_roster(str(pipe), FIELDS)
    writer.join()
    assert values(roster) == values(roster) == [{"id": "1", "learner": "Ada"}]


def test_text_under_the_name_of_a_workbook_is_read(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-16", "utf-16-le", "cp1252"):
        path = tmp_path / f"{encoding}.xlsx"
        path.write_text("name\nJos\u00e9\x0b\nAsha\n", encoding)
        assert [row.values["learner"] for row in read_roster(str(path)).rows][1:] == ["Asha"]


def test_only_a_workbook_has_sheets(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name\nAsha\n", "utf-8")
    with pytest.raises(HandbookError, match="--sheet May: the roster is not a workbook"):
        read_roster(str(path), FIELDS, RosterOptions(sheet="May"))


@pytest.mark.parametrize(
    "header", ["名前,役割", "الاسم,الدور", "Имя,Роль", "姓名,角色", "성명,역할"]
)
def test_names_and_roles_in_other_scripts(tmp_path: Path, header: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\nAsha,sre\n", "utf-8")
    roster = read_roster(str(path), FIELDS)
    assert {"learner", "role"} <= {*roster.used}


def test_there_is_no_such_roster(tmp_path: Path) -> None:
    with pytest.raises(HandbookError, match="is a folder"):
        read_roster(str(tmp_path))
    with pytest.raises(HandbookError, match="no such roster"):
        read_roster("nowhere.csv")


# ------------------------------------------------------------- rows that are wrong


def problems(roster: Roster) -> list[tuple[int, str, str]]:
    return [(row.line, row.values.get("learner", ""), row.problem) for row in roster.rows]


def test_a_quotation_mark_that_is_not_closed_swallows_nothing(tmp_path: Path) -> None:
    data = b'name,role\nAsha,sre\n"Bo,sre\nCyd,dev\nDee,"a\nb"\nEve,dev\n'
    reported = problems(written(tmp_path / "a.csv", data))
    assert [(name, bool(problem)) for _, name, problem in reported] == [
        ("Asha", False),
        ("Bo", True),
        ("Cyd", False),
        ("Dee", False),
        ("Eve", False),
    ]
    assert "quotation mark" in reported[1][2]


def test_a_long_roster_with_a_quotation_mark_that_is_not_closed(tmp_path: Path) -> None:
    lines = [f"Learner {n},sre" for n in range(9000)]
    lines[10] = '"' + lines[10]
    reported = problems(written(tmp_path / "a.csv", "\n".join(["name,role", *lines]).encode()))
    assert len(reported) == 9000
    assert [line for line, _, problem in reported if problem] == [11]


def test_two_encodings_in_one_file(tmp_path: Path) -> None:
    data = "name\nZoë\nJuan\n".encode() + "José\n".encode("cp1252") + "Юлия\n".encode()
    reported = problems(written(tmp_path / "a.csv", data))
    assert [name for _, name, _ in reported] == ["Zoë", "Juan", "José", "Юлия"]
    assert [bool(problem) for *_, problem in reported] == [False, False, True, False]
    assert "not in the encoding of the rest" in reported[2][2]


def test_a_line_that_is_not_json_is_one_row_that_is_wrong(tmp_path: Path) -> None:
    data = b'{"name": "A"}\nnope\n[1]\n\n{"name": "\\ud800"}\n{"name": "B"}\n'
    reported = problems(written(tmp_path / "a.jsonl", data))
    assert [(line, bool(problem)) for line, _, problem in reported] == [
        (1, False),
        (2, True),
        (3, True),
        (5, False),
        (6, False),
    ]


def test_rejects_are_read_as_they_were(tmp_path: Path) -> None:
    cells = ["=1+1", "'=1", "'x", "-2", "@x", "plain", "''=y"]
    assert [plain_cell(safe_cell(cell)) for cell in cells] == cells
    assert not [cell for cell in map(safe_cell, cells) if cell[0] in "=+-@"]
    roster = written(tmp_path / "r.csv", b"row,reason,name,shoe\n7,because,'=1,9\n")
    assert values(roster) == [{"learner": "=1"}]
    assert (roster.header, roster.unused) == (("name", "shoe"), ("shoe",))
    assert [row.raw for row in roster.rows] == [("=1", "9")]


# ------------------------------------------------------------ what people export


def roster_of(path: Path, text: str, **options: str) -> Roster:
    path.write_text(text, "utf-8")
    columns = parse_columns([options.pop("column")]) if "column" in options else {}
    return read_roster(str(path), FIELDS, RosterOptions(columns, **options))


def test_two_columns_make_a_name(tmp_path: Path) -> None:
    text = "Given,Family,Job\nAda,Byron,sre\n"
    roster = roster_of(tmp_path / "a.csv", text, column='learner="Given"+"Family"')
    assert values(roster)[0]["learner"] == "Ada Byron"
    roster = roster_of(tmp_path / "a.csv", text, column="learner=Family+Given")
    assert values(roster)[0]["learner"] == "Byron Ada"


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        ("Vorname,Name", "Zoë,Müller", "Zoë Müller"),
        ("Nombre,Apellidos", "Ana,García Lorca", "Ana García Lorca"),
        ("Prénom,Nom", "Zoé,Durand", "Zoé Durand"),
        ("Nome,Sobrenome", "João,Silva", "João Silva"),
        ("姓,名", "山田,太郎", "山田太郎"),
        ("Vezetéknév,Keresztnév", "Bartók,Béla", "Bartók Béla"),
        ("name.first,name.last", "Ada,Byron", "Ada Byron"),
    ],
)
def test_halves_of_names_in_other_languages(
    tmp_path: Path, header: str, row: str, name: str
) -> None:
    assert values(roster_of(tmp_path / "a.csv", f"{header}\n{row}\n"))[0]["learner"] == name


def test_a_column_that_was_asked_for_and_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(HandbookError, match="no column 'Jobb', which was asked for as role"):
        roster_of(tmp_path / "a.csv", "name,Job\nAda,sre\n", column="role=Jobb")
    with pytest.raises(HandbookError, match="no column 'Second'"):
        roster_of(tmp_path / "a.csv", "First,Last\nAda,B\n", column="learner=First+Second")


def test_a_column_that_may_be_the_role_is_named(tmp_path: Path) -> None:
    roster = roster_of(tmp_path / "a.csv", "name,Course Role\nAda,sre\n")
    assert "if it is 'Course Role', say --column \"role=Course Role\"" in " ".join(roster.notes)


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ('status == "active"', ["A", "C"]),
        ("Status != active", ["B", "D"]),
        ("city in ('Pune', 'Oslo') and not status == 'ACTIVE'", ["B"]),
        ("(city == Oslo or city == 'Rome') and status == active", ["C"]),
        ("[Home City] contains 'un'", ["A", "B"]),
        ("status not in (active)", ["B", "D"]),
    ],
)
def test_rows_are_chosen(tmp_path: Path, condition: str, names: list[str]) -> None:
    text = "name,Status,City,Home City\nA,Active,Pune,Pune\nB,gone,Pune,Pune\nC,active,Oslo,x\nD,,Rome,y\n"
    roster = roster_of(tmp_path / "a.csv", text, where=condition)
    assert [row["learner"] for row in values(roster)] == names
    assert roster.left_out == {"unselected row": 4 - len(names)}


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("stat == 'x'", "no column 'stat'"),
        ("status", "needs ==, !=, in or contains"),
        ("status == ", "a value in quotes is missing"),
        ("(status == a", "a bracket is not closed"),
        ("status == a b", "'b' is not expected"),
        ("(" * 100 + "status == a", "too many brackets"),
        ("status == 'a", "is not expected"),
    ],
)
def test_conditions_that_are_wrong(tmp_path: Path, condition: str, words: str) -> None:
    with pytest.raises(HandbookError, match=words):
        roster_of(tmp_path / "a.csv", "name,Status\nA,x\n", where=condition)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2026-12-01", "", "2026-12-01"), ("2026-12-1", "", "2026-12-01"),
        ("2026/12/01", "", "2026-12-01"), ("01.12.2026", "", "2026-12-01"),
        ("1.12.26", "", "2026-12-01"), ("2026-12-01T00:00:00Z", "", "2026-12-01"),
        ("2026-12-01 09:14:03", "", "2026-12-01"), ("20261201", "", "2026-12-01"),
        ("1 Dec 2026", "", "2026-12-01"), ("Dec 1, 2026", "", "2026-12-01"),
        ("Tuesday, December 1st, 2026", "", "2026-12-01"), ("01-Dec-26", "", "2026-12-01"),
        ("1. Dezember 2026", "", "2026-12-01"), ("1er décembre 2026", "", "2026-12-01"),
        ("1 de diciembre de 2026", "", "2026-12-01"), ("12/15/2026", "", "2026-12-15"),
        ("15/12/2026", "", "2026-12-15"), ("12/12/2026", "", "2026-12-12"),
        ("12/1/2026", "mdy", "2026-12-01"), ("1/12/2026", "dmy", "2026-12-01"),
        ("46357", "excel", "2026-12-01"),
        ("12/1/2026", "", "is 2026-01-12 or 2026-12-01"), ("46357", "", "as a spreadsheet counts"),
        ("31.02.2026", "", "is not a day"), ("soon", "", "is not a day"),
        ("15/12/2026", "mdy", "--dates mdy was asked for"),
    ],
)  # fmt: skip
def test_days(text: str, order: str, day: str) -> None:
    if day[:4] == "2026":
        assert str(parse_day(text, order)) == day
        return
    with pytest.raises(HandbookError, match=day):
        parse_day(text, order)


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("Łukasz Żółć", "cp1250"), ("Łukasz Żółć", "iso8859-2"), ("Анна Иванова", "cp1251"),
        ("Анна Иванова", "koi8-r"), ("José Müller", "mac_roman"), ("José Müller", "cp437"),
        ("山田太郎", "shift_jis"), ("Łukasz", "utf-16-le"), ("Zoë Núñez", "cp1252"),
        ("Ιωάννης Παπαδόπουλος", "cp1253"),
    ],
)  # fmt: skip
def test_encodings_are_found(tmp_path: Path, name: str, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(f"id;name\n1;{name}\n".encode(encoding))
    roster = read_roster(str(tmp_path / "a.csv"), FIELDS)
    assert values(roster)[0]["learner"] == name
    assert name in roster.notes[0]
    assert "--encoding" in roster.notes[0]
    named = read_roster(str(tmp_path / "a.csv"), FIELDS, RosterOptions(encoding=encoding))
    assert values(named)[0]["learner"] == name
    assert not named.notes


def test_a_workbook_has_a_largest_size(tmp_path: Path) -> None:
    book, data = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["id", "name"])
    book.save(data)
    bomb = tmp_path / "a.xlsx"
    with zipfile.ZipFile(io.BytesIO(data.getvalue())) as old, zipfile.ZipFile(bomb, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/large.xml", b" " * 201_000_000)
    with pytest.raises(HandbookError, match="the workbook is 201 MB when unpacked: the limit"):
        list(read_roster(str(bomb), FIELDS).rows)


def test_an_encoding_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name\nA\n")
    for name in ("utf-99", "rot13"):
        with pytest.raises(HandbookError, match="unknown encoding"):
            read_roster(str(tmp_path / "a.csv"), FIELDS, RosterOptions(encoding=name))


def names(path: Path, text: str) -> tuple[list[str], dict[str, int]]:
    roster = written(path, text.encode())
    return [row.values["learner"] for row in roster.rows], roster.left_out_rows


@pytest.mark.parametrize(
    "row",
    [
        "Total,2,,", "Grand Total,24,,7.5", "Total learners: 24,,,", "Class average,7.5,,",
        "Number of participants: 24,,,", "Max,3,,4", "Points Possible,10.00,(read only),",
        "Durchschnitt,\"7,5\",,", "Average,80 %,,12 h", "Min,3,,", "Mean,\"7,5\",,",
    ],
)  # fmt: skip
def test_rows_of_figures_are_not_learners(tmp_path: Path, row: str) -> None:
    text = f"First name,Last name,Group,Points\nZoë,Łuk,,\n{row}\nAsha,Rao,,\n"
    assert names(tmp_path / "a.csv", text) == (
        ["Zoë Łuk", "Asha Rao"],
        {"total or heading row": 2},
    )


@pytest.mark.parametrize("name", ["Max", "Min", "Suma", "Sum", "Total Wine", "Date"])
def test_names_that_begin_like_figures_are_learners(tmp_path: Path, name: str) -> None:
    assert names(tmp_path / "a.csv", f"Name,Group,Role\n{name},3,sre\n") == ([name], {})


# ------------------------------------------------------- names as systems write them


@pytest.mark.parametrize(
    ("names", "printed"),
    [
        (["Able, Ann", "de la Cruz, María José"], ["Ann Able", "María José de la Cruz"]),
        (["Able, Ann", "Bo"], ["Able, Ann", "Bo"]),
        (["Able, Ann", "Boe, Ben", "Coe, Cem", "Doe, Dee", "Prince"],
         ["Ann Able", "Ben Boe", "Cem Coe", "Dee Doe", "Prince"]),
        (["Ann Able, PhD", "Ben Boe, M.D."], ["Ann Able, PhD", "Ben Boe, M.D."]),
        (["Ann   Able", "Ben\tBoe", "Cem\u00a0 Coe"], ["Ann Able", "Ben Boe", "Cem Coe"]),
    ],
)  # fmt: skip
def test_names_are_printed_first_name_first(
    tmp_path: Path, names: list[str], printed: list[str]
) -> None:
    rows = "".join(f'"{name}",x\n' for name in names)
    roster = written(tmp_path / "a.csv", f"User Full Name,Division\n{rows}".encode())
    assert [row["learner"] for row in values(roster)] == printed
    turned = any(", " in name for name in names) and names[0] != printed[0]
    assert ("names are written 'Last, First', and turned around" in roster.notes) == turned


def test_a_header_that_is_said_again_is_not_a_learner(tmp_path: Path) -> None:
    text = (
        "STATUS,USERID,USERNAME,FIRSTNAME,LASTNAME,MI\n"
        "STATUS,User ID,User Name,First Name,Last Name,Middle Name\n"
        "active,u1,aable,Ann,Able,B\n"
        "STATUS,USERID,USERNAME,FIRSTNAME,LASTNAME,MI\n"
        "active,u2,name,Name,Role,\n"
    )
    roster = written(tmp_path / "a.csv", text.encode())
    assert values(roster) == [
        {"id": "u1", "learner": "Ann Able"},
        {"id": "u2", "learner": "Name Role"},
    ]
    assert roster.left_out == {"repeated heading row": 2}


@pytest.mark.parametrize(
    "name", ["José Müller", "Seán O\u2019Neil", "\u201cAnn\u201d Ávila", "Zoë – Bü"]
)
def test_quotation_marks_do_not_change_the_code_page(tmp_path: Path, name: str) -> None:
    data = f"name,role\n{name},sre\n\u201cBo\u201d O\u2019Hara,sre\n".encode("cp1252")
    assert values(written(tmp_path / "a.csv", data))[0]["learner"] == name


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.7\n", "this is a PDF"),
        (b"\x89PNG\r\n", "this is a picture"),
        (b"PK\x03\x04", "the workbook is damaged"),
    ],
)
def test_files_of_other_kinds_are_named(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(HandbookError, match=message):
        written(tmp_path / "a.xlsx", data)


def test_text_that_is_called_a_workbook_is_text(tmp_path: Path) -> None:
    assert values(written(tmp_path / "a.xlsx", b"name,role\nAnn,sre\n")) == [
        {"learner": "Ann", "role": "sre"}
    ]


def test_an_archive_without_a_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x", "w") as archive:
        archive.writestr("content.xml", "<x/>")
    with pytest.raises(HandbookError, match="this is not an XLSX workbook"):
        written(tmp_path / "a.ods", (tmp_path / "x").read_bytes())


@pytest.mark.parametrize("end", ["", "\n"])
def test_the_answer_of_a_server_on_one_line(tmp_path: Path, end: str) -> None:
    text = '{"data":[{"displayName":"Ann","id":1},{"displayName":"Bo","id":2}],"next":null}'
    assert values(written(tmp_path / "a.json", (text + end).encode())) == [
        {"id": "1", "learner": "Ann"},
        {"id": "2", "learner": "Bo"},
    ]
