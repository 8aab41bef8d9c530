"""Files that strangers bring: read right, or refused in one line that names the line; never misread."""

import bz2
import gzip
import lzma

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samtheory.errors import InputError
from samtheory.io import files, table
from samtheory.io.data_file import DataFile

TWO = b"1,2,3\n4,5,6\n"
MANY = TWO * 50
#: The rows of `TWO`, and those of `SVM`, features and target.
ROWS, SPARSE = ([[1, 2], [4, 5]], [3, 6]), ([[2, 0], [0, 5]], [1, -1])
ONE_LINE = [[4, 5]], [6]


def csv(first, last="2,3"):
    """A CSV whose first cell is `first`."""
    return f"{first},{last}\n4,5,6\n".encode()


def svm(first):
    """svmlight whose first row is `first`."""
    return f"{first}\n-1 2:5\n".encode()


CUT, NO_TEXT, NO_SVM = "a damaged compressed file", "not a text file", "line 1: not svmlight"
#: Name of the file, its bytes, and what is read, or what the refusal says.
FILES = {
    "gz cut short": ("r.csv.gz", gzip.compress(MANY)[:-12], CUT),
    "gz without its checksum": ("r.gz", gzip.compress(MANY)[:-8] + bytes(8), CUT),
    "gz and more": ("r.gz", gzip.compress(TWO) + b"junk", CUT),
    "gz in two parts": ("r.gz", gzip.compress(TWO[:6]) + gzip.compress(TWO[6:]), ROWS),
    "gz of nothing": ("r.gz", gzip.compress(b""), "empty"),
    "gz of gz": ("r.gz.gz", gzip.compress(gzip.compress(TWO)), NO_TEXT),
    "bz2 cut short": ("r.bz2", bz2.compress(MANY)[:-6], CUT),
    "xz cut short": ("r.xz", lzma.compress(MANY)[:-6], CUT),
    "zstd": ("r.zst", b"\x28\xb5\x2f\xfd" + bytes(9), "a zstd file"),
    "zip": ("r.zip", b"PK\x03\x04" + bytes(9), "a zip archive"),
    "npy": ("r.npy", b"\x93NUMPY\x01\x00", "a NumPy file"),
    "bytes": ("r.csv", bytes(range(256)), NO_TEXT),
    "a zero byte": ("r.csv", b"1,2,3\n4,\x00,6\n", NO_TEXT),
    "UTF-16": ("r.csv", TWO.decode().encode("utf-16"), "UTF-16 text"),
    "UTF-16 without a mark": ("r.csv", TWO.decode().encode("utf-16-le"), NO_TEXT),
    "a mark": ("r.csv", b"\xef\xbb\xbf" + TWO, ROWS),
    "a mark and a header": ("r.csv", b"\xef\xbb\xbfa,b,y\n" + TWO, ROWS),
    "CRLF": ("r.csv", TWO.replace(b"\n", b"\r\n"), ROWS),
    "CR": ("r.csv", TWO.replace(b"\n", b"\r"), ROWS),
    "no last line end": ("r.csv", TWO[:-1], ROWS),
    "quotes": ("r.csv", b'"1","2","3"\n4,5,6\n', ROWS),
    "a quoted header": ("r.csv", b'"a,b","c","y"\n' + TWO, ROWS),
    "an open quote": ("r.csv", b'1,"2,3\n4,5,6\n', "line 2, column 2"),
    "an open quote before a row": ("r.csv", b'1,"2\n3,4\n', "line 2, column 2"),
    "an open quote at the end": ("r.csv", b'1,2,3\n4,5,"6\n', ROWS),
    "thousands in quotes": ("r.csv", csv('"1,000"'), "line 1, column 1: '1,000'"),
    "thousands": ("r.csv", b"1,000,2,3\n4,500,5,6\n", "line 1, column 2: '000'"),
    "thousands as in Python": ("r.csv", csv("1_000"), "line 1, column 1: '1_000'"),
    "a decimal comma": ("r.csv", b"1,5;2,5\n4,5;5,5\n", "--delimiter semicolon"),
    "semicolons": ("r.csv", TWO.replace(b",", b";"), "--delimiter semicolon"),
    "tabs": ("r.tsv", b"a\tb\ty\n1\t2\t3\n", "--delimiter tab"),
    "blanks": ("r.csv", TWO.replace(b",", b" "), "line 1, column 1|line 2, column 1|one column"),
    "a short row": ("r.csv", b"1,2,3\n4,5\n", "line 2: 2 columns: must be 3"),
    "a long row": ("r.csv", b"1,2,3\n4,5,6,7\n", "line 2: 4 columns: must be 3"),
    "a comma at the end": ("r.csv", b"1,2,3,\n4,5,6,\n", "line 1, column 4: ''"),
    "a missing cell": ("r.csv", b"1,,3\n4,5,6\n", "line 1, column 2: ''"),
    "nan": ("r.csv", b"1,2,3\n4,nan,6\n", "line 2, column 2: 'nan'"),
    "inf": ("r.csv", b"1,2,3\n4,inf,6\n", "line 2, column 2: 'inf'"),
    "NA at first": ("r.csv", csv("NA"), "line 1, column 1: 'NA'"),
    "a question mark at first": ("r.csv", csv("?"), "line 1, column 1"),
    "yes and no": ("r.csv", csv("True"), "line 1, column 1: 'True'"),
    "hexadecimal": ("r.csv", csv("0x1F"), "line 1, column 1: '0x1F'"),
    "complex": ("r.csv", csv("1+2j"), r"line 1, column 1: '1\+2j'"),
    "Fortran": ("r.csv", csv("1d3"), "line 1, column 1: '1d3'"),
    "a date": ("r.csv", csv("2020-01-31"), "line 1, column 1: '2020-01-31'"),
    "percent": ("r.csv", csv("5%"), "line 1, column 1: '5%'"),
    "money": ("r.csv", csv("$5"), "line 1, column 1"),
    "digits of another script": ("r.csv", csv("\u0661"), "line 1, column 1"),
    "wide digits": ("r.csv", csv("\uff11"), "line 1, column 1"),
    "a minus of typography": ("r.csv", csv("1", "\u22122,3"), "line 1, column 2"),
    "a hard blank": ("r.csv", csv("1", "\u00a02,3"), ROWS),
    "beyond float64": ("r.csv", csv("1", "1e400,3"), "line 1, column 2: '1e400'"),
    "a field too long": ("r.csv", csv("1", "9" * 200_000 + ",3"), "line 1: field larger"),
    "signs": ("r.csv", b"+1,+2,+3\n4,5,6\n", ROWS),
    "points": ("r.csv", b"1.,2.,3.\n4,5,6\n", ROWS),
    "nothing": ("r.csv", b"", "empty"),
    "blank lines": ("r.csv", b"\n\n", "empty"),
    "blank lines between": ("r.csv", b"\n1,2,3\n\n4,5,6\n", ROWS),
    "a header alone": ("r.csv", b"a,b,y\n", "a header only"),
    "two headers": ("r.csv", b"a,b,y\nc,d,z\n1,2,3\n", "line 2, column 1: 'c'"),
    "a header of ordinals": ("r.csv", b"1st,2nd,y\n4,5,6\n", ONE_LINE),
    "a header that begins with a number": ("r.csv", b"1,b,y\n4,5,6\n", "line 1, column 2: 'b'"),
    "row numbers": ("r.csv", b",x,y\n0,1,2\n1,3,4\n", "line 1: the first column"),
    "column numbers": ("r.csv", b"0,1,2\n5,6,7\n8,9,1\n", "line 1: 0,1,2 counts the columns"),
    "a comment": ("r.csv", b"# mine\n1,2,3\n4,5,6\n", "line 2: 3 columns: must be 1"),
    "one column": ("r.csv", b"1\n2\n", "one column"),
    "one row": ("r.csv", b"4,5,6\n", ONE_LINE),
    "a page": ("r.csv", b"<html><body>404</body></html>\n", "a header only"),
    "a pointer of git-lfs": ("r.csv", b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "line 2"),
    "svmlight": ("r.svm", svm("1 1:2"), SPARSE),
    "svmlight with a comment": ("r.svm", svm("# mine\n1 1:2 # first"), SPARSE),
    "svmlight of queries": ("r.svm", svm("1 qid:3 1:2"), SPARSE),
    "svmlight from 0": ("r.svm", b"1 0:2\n-1 1:5\n", SPARSE),
    "svmlight in any order": ("r.svm", b"1 1:2 2:0\n-1 2:5 1:0\n", SPARSE),
    "svmlight with CRLF": ("r.svm", svm("1 1:2").replace(b"\n", b"\r\n"), SPARSE),
    "a feature twice": ("r.svm", b"# mine\n\n1 1:2\n-1 2:5 2:6\n", "line 4: feature 2 occurs twice"),
    "svmlight with nan": ("r.svm", b"# mine\n1 1:2\n-1 2:nan\n", "line 3: every number must be finite"),
    "svmlight beyond float64": ("r.svm", svm("1 1:1e400"), "line 1: every number must be finite"),
    "an index beyond 2^31": ("r.svm", svm("1 99999999999999999999:1"), "index"),
    "an index beyond memory": ("r.svm", svm("1 1000000000:1"), "index 1000000000: must be at most 100000000: a point"),
    "svmlight cut short": ("r.svm", b"1 1:2\n-1 2", "line 2: not svmlight"),
    "svmlight of targets": ("r.svm", b"1\n-1\n", "no number but targets"),
    "CSV named svmlight": ("r.svm", TWO, NO_SVM),
    **{
        f"svmlight: {row}": ("r.svm", svm(row), NO_SVM)
        for row in ("1 -1:2", "1 1.5:2", "1 1:", "1 5", "1,2 1:2", "1:2 2:3", "1 1:1_0", "yes 1:2", "1 1 :2",
                    "1 1::2", "1 +1:2", "1 1:0x1p3", "1 \u0661:2")
    },
}  # fmt: skip


@pytest.mark.parametrize("case", FILES)
def test_a_file_is_read_right_or_refused_in_one_line(case, tmp_path):
    name, content, expected = FILES[case]
    (tmp_path / name).write_bytes(content)
    file = DataFile(str(tmp_path / name))
    if isinstance(expected, str):
        with pytest.raises(InputError, match=expected) as refused:
            file.read()
        assert str(refused.value).startswith(f"data={tmp_path / name}: ")
        assert len(str(refused.value)) < 500
        return
    A, b = file.read()
    np.testing.assert_array_equal(A.toarray() if hasattr(A, "toarray") else A, expected[0])
    np.testing.assert_array_equal(b, expected[1])


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/random", "/dev/full"])
def test_a_device_is_refused(device):
    with pytest.raises(InputError, match="cannot be read"):
        DataFile(device).read()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_small_file_that_is_large_decompressed_is_refused(pack, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 10_000)
    (tmp_path / "bomb.csv.gz").write_bytes(pack(TWO * 1000))
    with pytest.raises(InputError, match="more than 10000 bytes, decompressed"):
        DataFile(str(tmp_path / "bomb.csv.gz")).read()


PLAIN = ["1", "-2.5e-3", "0.1", ".5", "7."]
ODD = ["012", "000", "0012", "-012", "", " 3", "4 ", "1e", "e1", "+-1", "1.2.3", "nan", "inf", "1e400", "1e-400", '"6"',
       '"', '"8', "x", "1_0", "1 2", "1,2", "0x1", "\u0661", "\x0b", "1\x0b2", "3\n4", '"3\n4']  # fmt: skip
HEADS = ["", "", "a,b\n", "\n", '"a\n",b\n', "a\x0bb\n", "a\n"]


@st.composite
def texts(draw, separator):
    """Plain rows, up to two of their cells replaced by odd ones."""
    width, count = draw(st.integers(1, 3)), draw(st.integers(0, 4))
    rows = [[draw(st.sampled_from(PLAIN)) for _ in range(width)] for _ in range(count)]
    for _ in range(draw(st.integers(0, 2 * bool(rows)))):
        rows[draw(st.integers(0, count - 1))][draw(st.integers(0, width - 1))] = draw(st.sampled_from(ODD))
    ends = [draw(st.sampled_from(["\n"] * 5 + ["\r\n", "\r", "\n\n", ""])) for _ in rows]
    lines = (separator.join(row) + end for row, end in zip(rows, ends, strict=True))
    return draw(st.sampled_from(HEADS)).replace(",", separator) + "".join(lines)


def answer(text, separator, infinite):
    """What `read_table` makes of a text: everything that it reads, or the words of the refusal."""
    try:
        found = table.read_table(text, "f", separator, infinite=infinite)
    except InputError as refused:
        return str(refused)
    return found.names, found.numbers.tobytes(), found.numbers.shape, list(found.lines), found.first


@settings(max_examples=500)
@given(st.data(), st.sampled_from(",; \t|"), st.booleans())
def test_plain_rows_are_read_as_any_others(data, separator, infinite):
    text = data.draw(texts(separator))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "CHUNK", data.draw(st.sampled_from([0, 6, 100])))
        quick = answer(text, separator, infinite)
        patch.setattr(table, "plain_rows", lambda *arguments: None)
        assert quick == answer(text, separator, infinite)


@pytest.mark.parametrize("separator", ",; \t")
def test_plain_rows_are_read_at_once(separator):
    text = separator.join(["1", "-2.5e-3", ".1"]) + "\n"
    assert table.plain_rows(text * 3, 1, 3, separator).tolist() == [[1.0, -0.0025, 0.1]] * 2
