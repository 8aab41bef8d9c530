"""Rows from files: what is understood, what is refused and in which words, labels, standardising."""

import bz2
import gzip
import lzma

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.extra.numpy import arrays
from scipy import sparse

from samtheory import InputError, load_problem
from samtheory.io import svmlight
from samtheory.io.data_file import DataFile
from samtheory.io.rows import COUNTED, read_rows, signed_labels, standardised

A, b = np.array([[1.0, 2.5], [0.0, -3e-7], [4.0, 0.0]]), np.array([1.0, -1.0, 2.0])


def write(folder, name, text):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# What is understood

CSV = {
    "plain": "1,2.5,1\n0,-3e-7,-1\n4,0,2\n",
    "header": "first,second,target\n1,2.5,1\n0,-3e-7,-1\n4,0,2\n",
    "no newline at the end": "1,2.5,1\n0,-3e-7,-1\n4,0,2",
    "spaces and blank lines": "\n 1 , 2.5 ,1\n\n0,-3e-7,-1\n  \n4,0,2\n\n",
    "Windows": "\ufefffirst,second,target\r\n1,2.5,1\r\n0,-3e-7,-1\r\n4,0,2\r\n",
    "Windows, no header": "\ufeff1,2.5,1\r\n0,-3e-7,-1\r\n4,0,2\r\n",
    "quoted": '"first","second, more","target"\n"1","2.5","1"\n0,-3e-7,-1\n4,0,2\n',
}


@pytest.mark.parametrize("name", ["rows.csv", "rows.CSV", "rows.txt", "rows"])
@pytest.mark.parametrize("text", CSV.values(), ids=CSV.keys())
def test_csv_is_read_with_the_target_last(tmp_path, text, name):
    found = read_rows(write(tmp_path, name, text))
    np.testing.assert_array_equal(found[0], A)
    np.testing.assert_array_equal(found[1], b)


SVMLIGHT = {
    "plain": "1 1:1 2:2.5\n-1 2:-3e-7\n2 1:4\n",
    "comments": "# made by hand\n1 1:1 2:2.5 # the first\n-1 2:-3e-7\n2 1:4\n",
    "from zero": "1 0:1 1:2.5\n-1 1:-3e-7\n2 0:4\n",
    "query ids": "1 qid:1 1:1 2:2.5\n-1 qid:1 2:-3e-7\n2 qid:2 1:4\n",
}


@pytest.mark.parametrize("name", ["rows.svm", "rows.svmlight", "rows.LIBSVM", "rows.txt", "a1a"])
@pytest.mark.parametrize("text", SVMLIGHT.values(), ids=SVMLIGHT.keys())
def test_svmlight_is_read(tmp_path, text, name):
    found = read_rows(write(tmp_path, name, text))
    np.testing.assert_array_equal(found[0], A)
    np.testing.assert_array_equal(found[1], b)


finite = some.floats(-1e12, 1e12)


def as_svmlight(rows, targets):
    """Rows and targets as svmlight text, indices from 1."""
    lines = (
        " ".join([repr(target), *(f"{k + 1}:{value!r}" for k, value in enumerate(row) if value)])
        for row, target in zip(rows.tolist(), targets.tolist(), strict=True)
    )
    return "\n".join(lines) + "\n"


@settings(deadline=None, max_examples=30)
@given(
    table=arrays(np.float64, some.tuples(some.integers(1, 5), some.integers(2, 5)), elements=finite),
    chunk=some.sampled_from([1, 7, 64, 2**23]),
)
def test_svmlight_comes_back_to_the_last_bit_whatever_the_chunks(table, chunk):
    if not table[:, -1].any() or (table.shape[1] == 2 and not table[:, 0].any()):
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(svmlight, "CHUNK", chunk)
        rows, targets = svmlight.read_svmlight(as_svmlight(table[:, 1:], table[:, 0]).encode(), "data=rows")
    np.testing.assert_array_equal(rows.toarray(), table[:, 1:])
    np.testing.assert_array_equal(targets, table[:, 0])


def test_large_svmlight_rows_stay_sparse_with_their_intercept(tmp_path):
    path = write(tmp_path, "rows.svm", "1 1:1 2:2.5\n-1 60000000:-3e-7\n")
    rows, _ = read_rows(path)
    assert sparse.issparse(rows)
    assert rows.shape == (2, 60_000_000)
    assert rows.nnz == 3
    longer, _ = read_rows(DataFile(str(path), intercept=True))
    assert (longer[:, [60_000_000]].toarray() == 1).all()
    with pytest.raises(InputError, match="must be at most 50000000 numbers to be standardised"):
        read_rows(DataFile(str(path), standardise=True))


@settings(deadline=None, max_examples=30)
@given(table=arrays(np.float64, some.tuples(some.integers(1, 5), some.integers(2, 5)), elements=finite))
def test_csv_comes_back_to_the_last_bit(tmp_path_factory, table):
    path = tmp_path_factory.mktemp("csv") / "rows.csv"
    path.write_text("\n".join(",".join(map(repr, row)) for row in table.tolist()))
    rows, target = read_rows(path)
    np.testing.assert_array_equal(np.column_stack([rows, target]), table)


@pytest.mark.parametrize("name", ["ridge", "robust"])
def test_a_problem_is_the_same_from_arrays_csv_and_svmlight(tmp_path, name):
    rng = np.random.default_rng(0)
    rows, target = rng.standard_normal((7, 3)) * (rng.random((7, 3)) < 0.7), rng.standard_normal(7)
    svm, table = tmp_path / "rows.svm", tmp_path / "rows.csv"
    svm.write_text(as_svmlight(rows, target))
    np.savetxt(table, np.column_stack([rows, target]), delimiter=",", fmt="%.17g")
    problems = [load_problem(name, rows=source) for source in ((rows, target), str(table), str(svm))]
    X = rng.standard_normal((4, 3))
    for problem in problems:
        assert (problem.n, problem.d) == (7, 3)
        np.testing.assert_allclose(problem.objective.values(X), problems[0].objective.values(X), rtol=1e-12)
        np.testing.assert_allclose(problem.objective.A, rows, rtol=1e-12)


def test_logistic_regression_on_a_libsvm_file(tmp_path):
    path = write(tmp_path, "a1a", "+1 1:1 3:0.5\n-1 2:1\n-1 1:0.2 2:0.4\n+1 3:1\n")
    problem = load_problem("logistic", rows=str(path), reg=0.2)
    np.testing.assert_array_equal(problem.objective.b, [1, -1, -1, 1])
    assert problem.d == 3


# Compression, encodings, delimiters, targets

PACKED = {"as it is": bytes, "gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}


@pytest.mark.parametrize("name", ["rows", "rows.csv", "rows.csv.gz", "rows.svm.bz2", "rows.gz", "rows.txt"])
@pytest.mark.parametrize("pack", PACKED.values(), ids=PACKED)
@pytest.mark.parametrize("kind", ["CSV", "svmlight"])
def test_compression_and_format_are_told_by_the_bytes(tmp_path, name, pack, kind):
    if (".csv" in name and kind == "svmlight") or (".svm" in name and kind == "CSV"):
        return
    text = CSV["Windows"] if kind == "CSV" else "\n# labels alone first\n" + SVMLIGHT["comments"]
    found = read_rows(write(tmp_path, name, pack(text.encode())))
    np.testing.assert_array_equal(found[0], A)
    np.testing.assert_array_equal(found[1], b)


def test_a_first_row_without_features_is_svmlight_all_the_same(tmp_path):
    found = read_rows(write(tmp_path, "a1a", "1\n-1 \n2 1:4 2:5\n"))
    np.testing.assert_array_equal(found[0], [[0, 0], [0, 0], [4, 5]])
    np.testing.assert_array_equal(found[1], [1, -1, 2])


@pytest.mark.parametrize(
    ("word", "mark"), [("semicolon", ";"), (";", ";"), ("tab", "\t"), ("\\t", "\t"), ("space", "  "), ("|", "|")]
)
def test_delimiters(tmp_path, word, mark):
    path = write(tmp_path, "rows.csv", CSV["header"].replace(",", mark))
    found = read_rows(DataFile(str(path), delimiter=word))
    np.testing.assert_array_equal(found[0], A)
    np.testing.assert_array_equal(found[1], b)


@pytest.mark.parametrize("word", ["", "ab", "1", ".", "-", '"', "\n"])
def test_other_delimiters_are_refused(word):
    with pytest.raises(InputError, match=r"^delimiter="):
        DataFile("rows.csv", delimiter=word)


@pytest.mark.parametrize(("target", "place"), [(None, 2), ("y", 2), ("b", 1), ("a", 0), ("1", 0), ("3", 2)])
def test_the_target_by_name_or_number(tmp_path, target, place):
    table = np.arange(6.0).reshape(2, 3)
    path = write(tmp_path, "rows.csv", "a,b,y\n0,1,2\n3,4,5\n")
    found = read_rows(DataFile(str(path), target=target))
    np.testing.assert_array_equal(found[0], np.delete(table, place, axis=1))
    np.testing.assert_array_equal(found[1], table[:, place])


@pytest.mark.parametrize("target", ["0", "4", "z", "-1", "", "A"])
def test_a_target_that_is_not_there_is_refused_with_those_that_are(tmp_path, target):
    path = write(tmp_path, "rows.csv", "a,b,y\n0,1,2\n3,4,5\n")
    with pytest.raises(InputError, match=r"^target=.*: must be a number from 1 to 3, or one of a, b, y"):
        read_rows(DataFile(str(path), target=target))


def test_features_are_standardised_before_the_intercept_is_added(tmp_path):
    path = str(write(tmp_path, "rows.csv", CSV["plain"]))
    found = read_rows(DataFile(path, standardise=True, intercept=True))
    np.testing.assert_allclose(found[0][:, :2], standardised(A))
    np.testing.assert_array_equal(found[0][:, 2], 1)
    np.testing.assert_array_equal(standardised(found[0])[:, 2], 1)


def as_pandas(table, names, index):
    """The text that `DataFrame.to_csv` writes: a header of names, of numbers or none, with row numbers or without."""
    lines = [",".join(map(repr, row)) for row in table]
    if index:
        lines = [f"{k},{line}" for k, line in enumerate(lines)]
    if names is None:
        return "\n".join(lines) + "\n"
    return "\n".join([",".join([""] * index + names), *lines]) + "\n"


def tables(width):
    row = some.lists(some.integers(-3, 3) | some.floats(-9, 9), min_size=width, max_size=width)
    return some.lists(row, min_size=1, max_size=6)


@settings(max_examples=200)
@given(
    table=some.integers(2, 4).flatmap(tables),
    header=some.sampled_from(["none", "numbers", "names"]),
    index=some.booleans(),
)
def test_what_pandas_writes_is_read_as_it_was_or_refused(tmp_path_factory, table, header, index):
    width = len(table[0])
    names = {"none": None, "numbers": list(map(str, range(width))), "names": ["x"] * (width - 1) + ["y"]}[header]
    path = write(tmp_path_factory.mktemp("pandas"), "rows.csv", as_pandas(table, names, index))
    if header == "numbers" or (index and (header == "names" or len(table) >= COUNTED)):
        with pytest.raises(InputError, match="line 1: "):
            read_rows(path)
    elif not index:  # one or two numbered rows without a header cannot be told from features
        try:
            found = np.column_stack(read_rows(path))
        except InputError:
            assert header == "none"
        else:
            np.testing.assert_array_equal(found, np.array(table, dtype=float))


# What is refused

REFUSED = {
    "text": ("rows.csv", "1,2\n3,abc\n", "line 2, column 2: 'abc': must be a finite number"),
    "text under a header": ("rows.csv", "x,y\n1,2\n\nfour,5\n", "line 4, column 1: 'four': must be a finite number"),
    "text in half of the first line": ("rows.csv", "1,y\n1,2\n", "line 1, column 2: 'y': must be a finite number"),
    "nothing in a cell": ("rows.csv", "1,2,3\n1,,3\n", "line 2, column 2: '': must be a finite number"),
    "nan": ("rows.csv", "1,2\n3,nan\n", "line 2, column 2: 'nan': must be a finite number"),
    "nan in every column": ("rows.csv", "nan,nan\n3,4\n", "line 1, column 1: 'nan': must be a finite number"),
    "infinite": ("rows.csv", "1,2\n-inf,4\n", "line 2, column 1: '-inf': must be a finite number"),
    "too large": ("rows.csv", "1,1e999\n", "line 1, column 2: '1e999': must be a finite number"),
    "short line": ("rows.csv", "1,2,3\n4,5\n", "line 2: 2 columns: must be 3 as in line 1"),
    "long line": ("rows.csv", "x,y\n1,2\n4,5,6\n", "line 3: 3 columns: must be 2 as in line 1"),
    "one column": ("rows.csv", "1\n2\n", "one column: must have at least one feature and, last, the target"),
    "empty": ("rows.csv", "", "empty: must have at least one row"),
    "blank": ("rows.txt", "\n  \n", "empty: must have at least one row"),
    "only commas and a header": ("rows.csv", "x,y\n", "a header only: must have at least one row"),
    "binary": ("rows.csv", bytes(range(256)), "not a text file: must be CSV or svmlight"),
    "column numbers": ("rows.csv", "0,1,2\n5,2,3\n", "line 1: 0,1,2 counts the columns"),
    "row numbers under a header": (
        "rows.csv",
        ",x1,y\n0,2,3\n1,4,5\n",
        "column, without a name, is the row",
    ),
    "row numbers read and written again": (
        "rows.csv",
        "Unnamed: 0,x1,y\n0,2,3\n",
        "column, Unnamed: 0, is the row",
    ),
    "row and column numbers": (
        "rows.csv",
        ",0,1\n0,2,3\n1,4,5\n",
        "column, without a name, is the row",
    ),
    "row numbers by name": ("rows.csv", "id,x1,y\n0,2,3\n1,2,4\n", "line 1: the first column, id, is the row"),
    "row numbers alone": ("rows.csv", "0,2,3\n1,4,5\n2,6,7\n", "line 1: the first column counts the rows from 0"),
    "underscores": ("rows.csv", "1,1_000\n", "line 1, column 2: '1_000': must be a finite number"),
    "digits of another script": ("rows.csv", "1,\u0661\n", "must be a finite number"),
    "decimal comma": ("rows.csv", '1,2\n3,"4,5"\n', "'4,5': must be a finite number, with a decimal point"),
    "semicolons": ("rows.csv", "1;2\n3;4\n", "(--delimiter semicolon?)"),
    "semicolons under a header": ("rows.csv", "a;b\n3;4\n", "(--delimiter semicolon?)"),
    "semicolons and decimal commas": ("rows.csv", "1,5;2,5\n", "(--delimiter semicolon?)"),
    "tabs": ("rows.csv", "1\t2\n3\t4\n", "(--delimiter tab?)"),
    "categories": ("rows.csv", "5.1,3.5,Iris-setosa\n", "(categories must be coded as numbers)"),
    "cp1252": ("rows.csv", "largeur,d\u00e9bit\n1,2\n".encode("cp1252"), "line 1: '\u00e9' in cp1252 or latin-1"),
    "UTF-16": ("rows.csv", "1,2\n".encode("utf-16"), "UTF-16 text: must be CSV or svmlight in UTF-8"),
    "zip": ("rows.csv", b"PK\x03\x04rest", "a zip archive: must be CSV or svmlight"),
    "damaged gzip": ("rows.csv.gz", b"\x1f\x8b\x08\x00rest", "a damaged compressed file"),
    "half of an xz": ("rows", lzma.compress(b"1,2\n3,4\n")[:40], "a damaged compressed file"),
    "zero bytes": ("rows.svm", b"1 1:2\0\n", "not a text file: must be CSV or svmlight"),
    "long text": ("rows.csv", "1,2\n3," + "z" * 500, "'" + "z" * 40 + "'"),
    "line break in a cell": ("rows.csv", '1,2\n3,"a\nb"\n', r"column 2: 'a\nb': must be a finite number"),
}
REFUSED_SVMLIGHT = {
    "text": ("rows.svm", "1 1:x\n", "not svmlight"),
    "no colon": ("rows.svm", "hello world\n", "not svmlight"),
    "a CSV by the wrong name": ("rows.svm", "1,2\n3,4\n", "not svmlight"),
    "nan": ("rows.svm", "1 1:1\n1 1:nan\n", "line 2: every number must be finite"),
    "infinite target": ("rows.svm", "inf 1:1\n", "line 1: every number must be finite"),
    "no features": ("rows.svm", "1\n-1\n", "must have at least one row and one feature"),
    "only comments": ("rows.svm", "# nothing\n", "must have at least one row and one feature"),
    "twice": ("rows.svm", "1 1:1 2:3\n1 4:1 4:2\n", "line 2: feature 4 occurs twice"),
    "two targets": ("rows.svm", "1 2:3\n1 2 3:4\n", "line 2: not svmlight"),
    "under score": ("rows.svm", "1 2:3\n1 2:1_0\n", "line 2: not svmlight"),
    "two colons": ("rows.svm", "1 2:3\n1 2:3:4\n", "line 2: not svmlight"),
    "huge index": ("rows.svm", "1 99999999999999999999:1\n", "index 100000000000000000000: must be at most"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_files_are_refused_in_one_line(tmp_path, case):
    check_refused(tmp_path, *REFUSED[case])


@pytest.mark.parametrize("case", REFUSED_SVMLIGHT)
def test_bad_svmlight_files_are_refused_in_one_line(tmp_path, case):
    check_refused(tmp_path, *REFUSED_SVMLIGHT[case])


def check_refused(folder, name, text, message):
    path = write(folder, name, text)
    with pytest.raises(InputError) as error:
        read_rows(path)
    line = str(error.value)
    assert line.startswith(f"data={path}: ")
    assert message in line
    assert "\n" not in line
    assert len(line) < len(str(path)) + 220


def test_missing_files_and_directories_are_refused(tmp_path):
    for path, reason in ((tmp_path / "none.csv", "No such file"), (tmp_path, "Is a directory"), ("a\0b", "null byte")):
        with pytest.raises(InputError, match=reason):
            read_rows(path)


# Labels and scales


@pytest.mark.parametrize("pair", [(-1, 1), (0, 1), (1, 2), (2, 4), (-0.5, 7)])
def test_two_labels_are_mapped_whatever_they_are(pair):
    low, high = pair
    np.testing.assert_array_equal(signed_labels(np.array([high, low, low, high])), [1, -1, -1, 1])


@pytest.mark.parametrize("labels", [[1, 1], [-1, 0, 1], list(range(9))])
def test_more_or_fewer_labels_are_refused(labels):
    with pytest.raises(InputError, match="must be two values, such as -1 and 1"):
        signed_labels(np.array(labels))


@settings(deadline=None, max_examples=40)
@given(table=arrays(np.float64, some.tuples(some.integers(2, 6), some.integers(1, 4)), elements=some.floats(-1e3, 1e3)))
def test_standardised_columns_have_mean_0_and_variance_1_or_are_0(table):
    scaled = standardised(table)
    varies = table.std(axis=0) > 1e-9 * np.abs(table).max(axis=0)
    np.testing.assert_allclose(scaled.mean(axis=0)[varies], 0, atol=1e-6)
    np.testing.assert_allclose(scaled.std(axis=0)[varies], 1, rtol=1e-9)
    constant = (table == table[0]).all(axis=0)
    assert (scaled[:, constant] == 0).all()


def test_standardised_refuses_what_is_not_finite():
    with pytest.raises(InputError, match="every entry must be finite"):
        standardised(np.array([[1.0], [np.inf]]))
