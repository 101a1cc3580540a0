"""Tables as the common programs write them, in many countries: each is read rightly, or refused in one sentence."""

import csv
import io
from itertools import islice, product

import numpy as np
import pytest

from nbkit.datasets import read_csv
from tests.hostile import TIMES

# ---------------------------------------------------------------- what programs write

ROWS = ((1234.5, -0.25, "red"), (12.75, 3.0, "blue"), (-1000000.125, 0.5, "red"), (999.0, 12345.0, "blue"))
# How a country writes numbers: decimal mark, sign between thousands.
COUNTRIES = {
    "en": (".", ","), "de": (",", "."), "fr, old": (",", "\u00a0"), "fr": (",", "\u202f"), "fr, thin": (",", "\u2009"),
    "pl": (",", " "), "de-CH": (".", "’"), "de-CH, typed": (".", "'"), "fr-CH": (",", "\u202f"), "es-MX": (".", ","),
    "none": (".", ""), "none, comma": (",", ""), "si": (".", "\u00a0"),
}  # fmt: skip
HEADS = {"none": None, "plain": ("length", "width", "kind"), "year": ("length 2019", "2020 width", "kind"),
         "long": ('length, in "cm"', "width; cm", "kind\tof it")}  # fmt: skip
PROGRAMS = {  # separator, encoding, end of a line, which fields are quoted, what stands before and after the rows
    "Excel, comma": (",", "utf-8-sig", "\r\n", csv.QUOTE_MINIMAL, "", ""),
    "Excel, semicolon": (";", "utf-8-sig", "\r\n", csv.QUOTE_MINIMAL, "", ""),
    "Excel, plain CSV": (";", "cp1252", "\r\n", csv.QUOTE_MINIMAL, "", ""),
    "Excel, Unicode text": ("\t", "utf-16", "\r\n", csv.QUOTE_MINIMAL, "", ""),
    "Excel, Macintosh": (";", "mac_roman", "\r", csv.QUOTE_MINIMAL, "", ""),
    "Excel, sep": (";", "utf-8-sig", "\r\n", csv.QUOTE_MINIMAL, "sep=;\r\n", ""),
    "Excel, sep of tabs": ("\t", "utf-16-le", "\r\n", csv.QUOTE_MINIMAL, "sep=\t\r\n", ""),
    "Excel, empty cells": (";", "utf-8-sig", "\r\n", csv.QUOTE_MINIMAL, "", ";;\r\n;;\r\n"),
    "LibreOffice": (",", "utf-8", "\n", csv.QUOTE_MINIMAL, "", ""),
    "LibreOffice, quotes": (";", "utf-8", "\n", csv.QUOTE_ALL, "", ""),
    "LibreOffice, tabs": ("\t", "utf-8", "\n", csv.QUOTE_NONNUMERIC, "", "\n\n"),
    "Numbers": (",", "utf-8", "\r\n", csv.QUOTE_MINIMAL, "", ""),
    "Numbers, semicolon": (";", "utf-8", "\r\n", csv.QUOTE_MINIMAL, "", ""),
    "Numbers, UTF-16": (";", "utf-16-be", "\r\n", csv.QUOTE_MINIMAL, "", ""),
    "Google Sheets": (",", "utf-8", "\r\n", csv.QUOTE_MINIMAL, "", ""),
    "Google Sheets, tabs": ("\t", "utf-8", "\r\n", csv.QUOTE_NONE, "", ""),
}


def as_written(value, country, places, minus="-"):
    decimal, thousands = COUNTRIES[country]
    text = f"{value:,.{places}f}" if places is not None else f"{value:,.15g}"
    return text.replace(",", "#").replace(".", decimal).replace("#", thousands).replace("-", minus)


def table(program, country, head="none", places=None, minus="-", rows=ROWS, more=()):
    """Return the bytes of a file, or None where the program could not have written it."""
    mark, code, end, quoting, above, below = PROGRAMS[program]
    if quoting == csv.QUOTE_NONE and head == "long":
        return None
    file = io.StringIO(newline="")
    file.write(above)
    writer = csv.writer(file, delimiter=mark, lineterminator=end, quoting=quoting)
    lines = [HEADS[head]] * (head != "none")
    lines += [(*(as_written(value, country, places, minus) for value in row[:2]), row[2]) for row in rows]
    writer.writerows([*line, *more] for line in lines)
    file.write(below)
    try:
        return file.getvalue().encode(code)
    except UnicodeEncodeError:
        return None


def read(tmp_path, content):
    path = tmp_path / "points.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_csv(path)


def points_of(data):
    return [(*place, data.classes[k]) for place, k in zip(data.x.tolist(), data.t, strict=True)]


EVERY = 1 if TIMES else 5  # of the tables is tried: all, or in a usual run as many as take a few seconds


def test_no_table_of_any_program_and_country_is_misread(tmp_path):
    tried, wrong = 0, []
    choices = product(PROGRAMS, COUNTRIES, HEADS, (None, 1, 2, 3), "-−", ((), ("", "")))
    for program, country, head, places, minus, more in islice(choices, 0, None, EVERY):
        content = table(program, country, head, places, minus, more=more)
        if content is not None:
            tried += 1
            data = read(tmp_path, content)
            right = [(*(float(as_written(v, "none", places)) for v in row[:2]), row[2]) for row in ROWS]
            names = ("x₁", "x₂") if head == "none" else HEADS[head][:2]
            if (points_of(data), data.features) != (right, names):
                wrong.append((program, country, head, places, minus, points_of(data)))
    print(f"{tried} tables tried, {len(wrong)} misread")
    assert wrong == []
    assert tried > 12_000 // EVERY


def any_number(rng):
    """Return a number, many of a kind that can be meant in two ways, and how many decimals it is written with."""
    places = int(rng.choice([0, 0, 1, 2, 3, 3, 4]))
    return round(float(rng.uniform(-0.2, 1) * 10 ** rng.integers(0, 7)), places) + 0.0, places


def test_no_table_of_any_numbers_is_misread(tmp_path):
    """What can be meant in two ways is refused; one thing is settled by rule: see `_speak_for_a_decimal_comma`."""
    rng, tried, refused, wrong = np.random.default_rng(0), 0, [], []
    for _table in range(20_000 if TIMES else 1000):
        program, country = str(rng.choice(list(PROGRAMS))), str(rng.choice(list(COUNTRIES)))
        mark, _code, end, *_more = PROGRAMS[program]
        rows = [(any_number(rng), any_number(rng), "ab"[k % 2]) for k in range(int(rng.integers(2, 5)))]
        cells = [[*(as_written(value, country, places) for value, places in row[:2]), row[2]] for row in rows]
        if mark == "," and COUNTRIES[country][1] == "." and not any("," in cell for row in cells for cell in row):
            continue
        file = io.StringIO(newline="")
        csv.writer(file, delimiter=mark, lineterminator=end).writerows(cells)
        tried += 1
        try:
            data = read(tmp_path, file.getvalue())
        except ValueError as refusal:
            refused.append(str(refusal))
        else:
            if points_of(data) != [(row[0][0], row[1][0], row[2]) for row in rows]:
                wrong.append((program, country, cells, points_of(data)))
    print(f"{tried} tables of any numbers tried, {len(refused)} refused, {len(wrong)} misread")
    assert wrong == []
    assert [words for words in refused if " can be " not in words] == []
    assert 0 < len(refused) < 0.1 * tried


# ---------------------------------------------------------------- odd tables that can be meant in one way only

AB = "\n3;4;b\n"
READ = {
    "percent": ("12,5 %;7%;a\n50 %;100%;b\n", [(0.125, 0.07), (0.5, 1.0)]),
    "percent before": ("%12,5;7;a\n%50;8;b\n", [(0.125, 7), (0.5, 8)]),
    "narrow blank before percent": ("12,5\u202f%;1;a\n1\u00a0%;2;b\n", [(0.125, 1), (0.01, 2)]),
    "millions": ("1.234.567;1;a\n2;3;b\n", [(1234567, 1), (2, 3)]),
    "millions of India": ('"12,34,567.5",1,a\n2,3,b\n', [(1234567.5, 1), (2, 3)]),
    "powers": ("1,5E+03;2e-1;a" + AB, [(1500, 0.2), (3, 4)]),
    "no digit before the mark": (",5;-,25;a" + AB, [(0.5, -0.25), (3, 4)]),
    "no digit after the mark": ("5.;2.;a\n3.5;1.25;b\n", [(5, 2), (3.5, 1.25)]),
    "plus": ("+1,5;+2;a" + AB, [(1.5, 2), (3, 4)]),
    "wide digits": ("１，５;２;a" + AB, [(1.5, 2), (3, 4)]),
    "Arabic digits": ("١٫٥;٢;a" + AB, [(1.5, 2), (3, 4)]),
    "marks of direction": ("\u200e-1,5;2\u200e;a" + AB, [(-1.5, 2), (3, 4)]),
    "both marks, typed": ("1,5;2.5;a" + AB, [(1.5, 2.5), (3, 4)]),
    "three decimals, comma between": ("1.234,5.678,a\n2.345,6.789,b\n", [(1.234, 5.678), (2.345, 6.789)]),
    "three decimals, one below 1": ("1,234;0,567;a\n2,345;1,2;b\n", [(1.234, 0.567), (2.345, 1.2)]),
    "thousands, seen by one number": ("1,234;5.5;a\n2,345;6;b\n", [(1234, 5.5), (2345, 6)]),
    "thousands in quotes": ('"1,234.5",2,a\n3,4,b\n', [(1234.5, 2), (3, 4)]),
    "decimal comma in quotes": ('"1,5","2,25",a\n3,4,b\n', [(1.5, 2.25), (3, 4)]),
    "long lists of digits": ("0.1234567890123456789,1,a\n3,4,b\n", [(0.1234567890123456789, 1), (3, 4)]),
    "an empty column in front": (";1;2;a\n;3;4;b\n", [(1, 2), (3, 4)]),
    "an empty column between": ("1;;2;a\n3;;4;b\n", [(1, 2), (3, 4)]),
    "empty columns behind, some lines only": ("1,2,a,,\n3,4,b\n", [(1, 2), (3, 4)]),
    "empty lines": ("\n\n1;2;a\n;;\n\n3;4;b\n\n", [(1, 2), (3, 4)]),
    "empty lines and a mark of bytes": ("\ufeff\n1,2,0\n\n3,4,1\n , ,\n", [(1, 2), (3, 4)]),
    "blanks around": ("1;2.5;b\n-3e1; 4 ;a\n0;0;b\n", [(1, 2.5), (-30, 4), (0, 0)]),
    "old Mac lines": ("1;2;a\r3;4;b\r", [(1, 2), (3, 4)]),
    "sep in quotes": ('"sep=;"\n1;2;a' + AB, [(1, 2), (3, 4)]),
    "sep of a bar": ("sep=|\n1|2|a\n3|4|b\n", [(1, 2), (3, 4)]),
    "leading zeros of whole numbers": ("007;2;a" + AB, [(7, 2), (3, 4)]),
    "two whole numbers in a row, as points": ("1;2;a\n3;4;b\n5;6;c\n", [(1, 2), (3, 4), (5, 6)]),
    "a class that comes once, first": ("1.5;2;a\n3;4;b\n5;6;c\n7;8;c\n", [(1.5, 2), (3, 4), (5, 6), (7, 8)]),
    "years as points": ("1999;2001;a\n2003;2005;b\n2004;2005;c\n", [(1999, 2001), (2003, 2005), (2004, 2005)]),
    "xor": ("0,0,0\n0,1,1\n1,0,1\n1,1,0\n", [(0, 0), (0, 1), (1, 0), (1, 1)]),
    "no mark of bytes, two bytes a sign": ("1;2;a\n3;4;b\n".encode("utf-16-le"), [(1, 2), (3, 4)]),
    "four bytes a sign": ("1;2;a\n3;4;b\n".encode("utf-32"), [(1, 2), (3, 4)]),
    "a blank of Windows in a number": ("1\u00a0234,5;2;a\n3;4;b\n".encode("cp1252"), [(1234.5, 2), (3, 4)]),
    "a blank of an old Mac in a number": ("1\u00a0234,5;2;a\n3;4;b\n".encode("mac_roman"), [(1234.5, 2), (3, 4)]),
}


@pytest.mark.parametrize("case", READ.values(), ids=READ)
def test_what_can_be_meant_in_one_way_is_read(case, tmp_path):
    content, right = case
    assert [place[:2] for place in points_of(read(tmp_path, content))] == right


NAMES = {
    "German, Windows": ("Länge;Höhe;Art\n1,5;2;grün\n3;4;weiß\n".encode("cp1252"), ("Länge", "Höhe"), ("grün", "weiß")),
    "German, DOS": ("Länge;Höhe;Art\n1,5;2;grün\n3;4;gelb\n".encode("cp850"), ("Länge", "Höhe"), ("gelb", "grün")),
    "units": ("t in °C;A in cm²;k\n1;2;été\n3;4;b\n".encode("cp1252"), ("t in °C", "A in cm²"), ("b", "été")),
    "names with signs": ('"a, b";"c ""d"";e";kind\n1;2;"x;y"\n3;4;z\n', ("a, b", 'c "d";e'), ("x;y", "z")),
    "a name over two lines": ('"length\nin cm",b,kind\n1,2,x\n3,4,y\n', ("length\nin cm", "b"), ("x", "y")),
    "names in Chinese": ("長さ,幅,種類\n1,2,赤\n3,4,青\n", ("長さ", "幅"), ("赤", "青")),
    "a title of tabs": ("x\ty\tz\n1\t2\tred, hot\n3\t4\tb\n", ("x", "y"), ("b", "red, hot")),
}


@pytest.mark.parametrize("case", NAMES.values(), ids=NAMES)
def test_names_are_read_as_they_were_written(case, tmp_path):
    content, names, classes = case
    data = read(tmp_path, content)
    assert (data.features, data.classes) == (names, classes)


# ---------------------------------------------------------------- what can be meant in two ways, or not at all

REFUSED = {
    "1.234 between semicolons": ("1.234;5.678;a\n2.345;6.789;b\n", "line 1 of .*'1.234' can be 1.234 or 1234"),
    "1,234 between semicolons": ("1,234;5,678;a\n2,345;6,789;b\n", "line 1 of .*'1,234' can be 1234 or 1.234"),
    "1.234 between tabs": ("1.234\t5\ta\n2.345\t6\tb\n", "'1.234' can be"),
    "1,234 in quotes": ('"1,234",5,a\n"2,345",6,b\n', "'1,234' can be 1234 or 1.234"),
    "1.234 between commas, beside 999": ("1.234,5,a\n999,6,b\n", "'1.234' can be 1.234 or 1234"),
    "years as names": ("2019;2020;kind\n1,5;2,5;a\n3,5;4,5;b\n", "can be a point or the names"),
    "years as names, one as class": ("2019,2020,2021\n1.5,2.5,0\n3.5,4.5,1\n", "can be a point or the names"),
    "numbers of columns": ("0,1,2\n5.1,3.5,0\n4.9,3.0,1\n6.1,3.0,2\n", "can be a point or the names"),
    "numbers of columns from 1": ("1,2,class\n5.1,3.5,x\n4.9,3.0,y\n", "can be a point or the names"),
    "years as names, over years": (
        "2019;2020;kind\n1950;2050;a\n1951;2051;a\n1960;1970;b\n1961;1971;b\n",
        "can be a point",
    ),
    "doses as names": ("0.5;10;kind\n1;2;a\n3;4;a\n5;6;b\n7;8;b\n", "can be a point or the names"),
    "a class as the name of the classes": ("a,b,c\n1,2,a\n3,4,b\n5,6,c\n", "line 1 of .* three names, or two finite"),
    "words for unknown in the first line": ("k.A.;fehlt;rot\n1;2;rot\n3;4;blau\n", "line 1 of .* three names, or two"),
    "one name is a number": ("2019,width,kind\n1,2,a\n3,4,b\n", "three names, or two finite numbers"),
    "a slip in the first line": ("1,5;2.x;a\n3;4;a\n5;6;b\n", "line 1 of"),
    "two slips in the first line": ("5cm;3cm;a\n6;4;a\n7;5;b\n", "line 1 of"),
    "errors in the first line": ("#N/A;#N/A;a\n6;4;a\n7;5;b\n", "line 1 of"),
    "blanks in the first line": (",,a\n6,4,a\n7,5,b\n", "line 1 of"),
    "not available": ("1;2;a\n#N/A;4;b\n", "line 2 of"),
    "not available, in German": ("1;2;a\n#NV;4;b\n", "line 2 of"),
    "an error as a class": ("1;2;a\n3;4;#N/A\n5;6;b\n", "line 2 of"),
    "errors as a class": ("1;2;a\n3;4;#WERT!\n5;6;b\n", "line 2 of"),
    "a division by zero as a class": ("1;2;a\n3;4;#DIV/0!\n5;6;b\n", "line 2 of"),
    "an error of LibreOffice": ("1;2;a\n3;4;Err:502\n5;6;b\n", "line 2 of"),
    "too narrow": ("1;2;a\n3;4;########\n5;6;b\n", "line 2 of"),
    "no class known": ("1;2;a\n3;4;NA\n5;6;b\n", "line 2 of"),
    "a date": ("2024-01-05;2;a\n2024-01-06;3;b\n", "line 1 of"),
    "a date later": ("1;2;a\n2024-01-05;3;b\n", "line 2 of .* no dates"),
    "a date in German": ("1;2;a\n05.01.2024;3;b\n", "line 2 of .* no dates"),
    "a date in English": ("1;2;a\n1/5/2024;3;b\n", "line 2 of .* no dates"),
    "a day": ("1;2;a\n05.01;3;b\n", "line 2 of .* no dates"),
    "a month": ("1;2;a\n01.2024;3;b\n", "line 2 of .* no dates"),
    "a number that became a date": ("1;2;a\n05. Jan;3;b\n", "line 2 of"),
    "a time": ("1;2;a\n12:30;3;b\n", "line 2 of"),
    "money": ("1;2;a\n3,50 €;3;b\n", "line 2 of"),
    "a small 2": ("1;2;a\n10²;3;b\n", "line 2 of"),
    "Python's underscore": ("1;2;a\n1_000;3;b\n", "line 2 of"),
    "infinite": ("1;2;a\ninf;3;b\n", "line 2 of"),
    "groups of two": ("1;2;a\n12 34,5;3;b\n", "line 2 of"),
    "two signs between thousands": ("1.234 567,5;2;a\n3;4;b\n", "line 1 of"),
    "percent in some lines": ("50%;2;a\n0,5;3;b\n", "line 2 of .* %"),
    "four columns": ("1;2;3;a\n4;5;6;b\n", "line 1 of"),
    "a title above": ("My flowers\nlength,width,kind\n1,2,a\n3,4,b\n", "line 1 of .* three names"),
    "blanks between": ("1.5 2.5 a\n3 4 b\n", "parted by comma, semicolon or tab"),
    "a quote that never ends": ('"1,5;2;a\n3;4;b\n', "quotes open and close"),
    "quotes of another kind": ("'1.5','2.5','a'\n'3','4','b'\n", "line 1 of"),
    "the comma as decimal mark and between": ("1,5,2,5,red\n2,5,3,5,blue\n", "line 1 of"),
    "a spreadsheet's own file": (b"PK\x03\x04" + bytes(30), "save it as CSV"),
    "letters of Windows in France": ("Espèce;b;k\n1;2;a\n3;4;b\n".encode("cp1252"), "Espèce.* or as .*CSV UTF-8"),
    "letters of Windows in Prague": ("a;b;k\n1;2;červený\n3;4;b\n".encode("cp1250"), "červený.*CSV UTF-8"),
    "letters of Windows in Turkey": ("a;b;k\n1;2;yeşil\n3;4;b\n".encode("cp1254"), "ye.il.*CSV UTF-8"),
    "letters of Windows in Russia": ("a;b;k\n1;2;красный\n3;4;b\n".encode("cp1251"), "CSV UTF-8"),
    "letters of Windows in Japan": ("a;b;k\n1;2;赤い\n3;4;青い\n".encode("cp932"), "CSV UTF-8"),
    "letters of an old Mac": ("a;b;k\n1;2;grün\n3;4;b\n".encode("mac_roman"), "CSV UTF-8"),
    "letters of DOS in Germany": ("a;b;k\n1;2;weiß\n3;4;b\n".encode("cp850"), "CSV UTF-8"),
    "half a sign of two bytes": ("1;2;a\n3;4;b\n".encode("utf-16")[:-1], "no text file"),
    "a picture": (b"\x89PNG\xff\xfe", "no text file in UTF-8"),
    "nothing": ("", "must have 1 to 5000 lines, got 0"),
    "too many lines": ("1,2,0\n" * 5002, "must have 1 to 5000 lines"),
    "too many characters": ("1,2," + "a" * 1_000_001, "too long"),
    "names alone": ("a,b,c\n", "names and no points"),
    "no number": ("1,2,0\n1,x,1\n", r"line 2 of .* must have two finite numbers and a class, got \['1', 'x', '1'\]"),
    "no number, behind an empty line": ("1,2,0\n\n1,nan,1\n", "line 3 of"),
    "two columns": ("1,2,0\n1,2\n", "line 2 of"),
    "a class that is empty": ("1,2,0\n1,2,\n", "line 2 of"),
    "two decimal marks": ("1;2;a\n1.23,4,5;2;b\n", r"line 2 of .*'1.23,4,5'"),
    "groups of one digit": ("1;2;a\n1,2,3;2;b\n", "line 2 of"),
    "one class": ("1,2,0\n3,4,0\n", "must hold 2 to 8 classes, got 1"),
    "nine classes": ("".join(f"1,2,{i}\n" for i in range(9)), "must hold 2 to 8 classes, got 9"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_what_can_be_meant_in_two_ways_or_not_at_all_is_refused_in_one_sentence(case, tmp_path):
    content, rule = case
    with pytest.raises(ValueError, match=rule) as refusal:
        read(tmp_path, content)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 600


def test_who_knows_what_is_meant_can_say_it(tmp_path):
    path = tmp_path / "points.csv"
    path.write_bytes("rosé;b;kind\n1.234;2;très\n3;4;b\n".encode("cp1252"))
    for encoding, decimal, value, name in (("cp1252", ",", 1234, "très"), ("cp1250", ".", 1.234, "trčs")):
        data = read_csv(path, encoding=encoding, decimal=decimal)
        assert (data.x[0, 0], data.classes[1]) == (value, name)
    for wrong in ({"encoding": "no such"}, {"encoding": 3}, {"encoding": "ascii"}, {"decimal": ";"}, {"decimal": 1}):
        with pytest.raises(ValueError, match=r"there is no encoding|no text file in ascii|decimal must be"):
            read_csv(path, **wrong)


# ---------------------------------------------------------------- the place of the file


@pytest.mark.parametrize("typed", ["{}", " {} ", '"{}"', "'{}'", ' "{}"\n', "“{}”"])
def test_blanks_and_quotes_around_a_path_do_no_harm(tmp_path, typed):
    path = tmp_path / "my data.csv"
    path.write_text("1,2,a\n3,4,b\n")
    assert read_csv(typed.format(path)).x.tolist() == [[1, 2], [3, 4]]


def test_the_home_folder_is_found_and_so_is_a_name_with_quotes(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "d.csv").write_text("1,2,a\n3,4,b\n")
    assert len(read_csv("~/d.csv").x) == 2
    assert len(read_csv(' "~/d.csv" ').x) == 2
    monkeypatch.chdir(tmp_path)
    (tmp_path / "'d.csv'").write_text("5,2,a\n3,4,b\n")
    assert read_csv("'d.csv'").x[0, 0] == 5


def test_a_file_that_is_not_there_is_named_with_the_folder_that_was_searched(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for typed, words in {
        "d.csv": ["no file 'd.csv'", tmp_path.name],
        "sub/d.csv": ["no folder", "sub"],
        str(tmp_path): ["is a folder", tmp_path.name],
    }.items():
        with pytest.raises(ValueError if typed == str(tmp_path) else FileNotFoundError) as refusal:
            read_csv(typed)
        assert [word for word in words if word not in str(refusal.value)] == []
    with pytest.raises(TypeError, match="the name of a file is text or a path, got 3"):
        read_csv(3)
