"""Lines of code as a picture: every line can be clicked, is escaped, and is marked by more than colour."""

from nbkit.drawing.listing import Row, code_listing
from tests.drawing.parsed import parsed, texts

ROWS = (Row("v1 = x * y", (("6", "val"), ("·", "grad"))), Row("v2 = a < b", (("1", "val"), ("2", "grad")), "▶"))
HEADS = ("code", "value", "gradient")


def listing(rows=ROWS, widths=()):
    return code_listing(rows, HEADS, "Lines", "v1; v2", widths)


def test_each_line_is_there_with_its_number():
    picture = listing()
    lines = [g for g in parsed(picture).iter("g") if g.get("data-item")]
    assert [line.get("data-item") for line in lines] == ["0", "1"]
    assert texts(picture) == [*HEADS, "v1 = x * y", "6", "·", "▶", "v2 = a < b", "1", "2"]
    assert (picture.marks["row 1"].code, picture.marks["row 1"].cells) == ("v2 = a < b", (("1", "val"), ("2", "grad")))
    assert (picture.title, picture.words) == ("Lines", "v1; v2")


def test_a_marked_line_has_a_sign_bold_letters_and_says_so():
    plain, marked = parsed(listing()).iter("g")
    assert (plain.find("title").text, marked.find("title").text) == ("v1 = x * y", "v2 = a < b (now)")
    weights = [[text.get("font-weight") for text in line.iter("text")] for line in (plain, marked)]
    assert weights == [[None, None, None], [None, "bold", None, None]]
    assert [listing().marks[f"row {i}"].sign for i in (0, 1)] == ["", "▶"]


def test_least_widths_keep_columns_in_place():
    def columns(rows):
        picture = listing(rows, (200.0, 90.0, 90.0))
        return [text.get("x") for text in parsed(picture).iter("text") if text.get("class") == "tick"], picture.width

    other = (Row("v1 = x", (("−0.0001234", "val"), ("12346", "grad"))),)
    assert columns(ROWS) == columns(other)
    assert columns((Row("v" * 60, (("1", "val"), ("2", "grad"))),)) != columns(ROWS)
