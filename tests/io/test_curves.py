"""Another program's curves from files: what is understood, what is refused and in which words."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from samtheory import InputError, cli, load_problem
from samtheory.io.curves import ROUNDING, read_curves

T, CURVES = np.array([0, 1, 10]), np.array([[4.0, 2.0, 0.0], [4.0, 1.5, 1e-12]])
BODY = "0,4,4\n1,2,1.5\n10,0,1e-12\n"


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def archive(folder, **arrays):
    path = folder / "curves.npz"
    np.savez(path, **arrays)
    return path.read_bytes()


TEXTS = {
    "plain": BODY,
    "names": "t,first,second\n" + BODY,
    "an index of times": ",0,1\n" + BODY,
    "times by name": "t,0,1\n" + BODY,
    "Windows": "\ufefft,a,b\r\n" + BODY.replace("\n", "\r\n"),
    "compressed": gzip.compress(BODY.encode()),
    "JSON": json.dumps({"t": T.tolist(), "curves": CURVES.tolist()}),
}


@pytest.mark.parametrize("name", ["curves", "curves.csv", "curves.json", "curves.npz"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_bytes_decide_the_format(tmp_path, name, text):
    t, curves = read_curves(write(tmp_path, name, text))
    np.testing.assert_array_equal(t, T)
    np.testing.assert_array_equal(curves, CURVES)


def test_numpy_archives_are_read(tmp_path):
    for found in (archive(tmp_path, t=T, curves=CURVES), archive(tmp_path, t=T.astype(float), curves=CURVES)):
        t, curves = read_curves(write(tmp_path, "mine", found))
        np.testing.assert_array_equal(t, T)
        np.testing.assert_array_equal(curves, CURVES)
    one = read_curves(write(tmp_path, "one", archive(tmp_path, t=T, curves=CURVES[0])))
    np.testing.assert_array_equal(one[1], CURVES[:1])


@given(some.floats(-30, 30), some.floats(0, 1))
def test_below_zero_is_rounding_only_where_it_is_tiny_beside_the_curve(tmp_path_factory, power, part):
    size = 10.0**power
    for factor, accepted in ((part * 0.99, True), (1.01 + part, False)):
        text = f"0,{size!r}\n1,{-factor * ROUNDING * size!r}\n"
        path = write(tmp_path_factory.mktemp("curves"), "c.csv", text)
        if accepted:
            assert read_curves(path)[1][0, 1] == 0
        else:
            with pytest.raises(InputError, match=r"trial 1, t=1: .*must be a number, at least 0 up to rounding"):
                read_curves(path)


REFUSED = {
    "column numbers": ("0,1,2\n0,4,4\n1,2,2\n", "line 1: 0,1,2 counts the columns"),
    "minus one": ("0,4\n1,-1\n", "line 2, trial 1, t=1: f(x_t) - f*=-1: must be a number, at least 0"),
    "not a number": ("0,4\n1,nan\n", "line 2, column 2: 'nan': must be a number"),
    "text": ("0,4\n1,x\n", "line 2, column 2: 'x': must be a number"),
    "short line": ("0,4\n1\n", "line 2: 1 columns: must be 2"),
    "one column": ("0\n1\n", "one column"),
    "empty": ("", "empty"),
    "a header only": ("t,f\n", "a header only"),
    "time goes back": ("1,4\n0,4\n", "t=1, 0: must be whole numbers, increasing"),
    "time between steps": ("0,4\n0.5,4\n", "t=0, 0.5: must be whole numbers"),
    "time before the start": ("-1,4\n0,4\n", "t=-1, 0: must be"),
    "semicolons": ("0;4\n1;2\n", "(--delimiter semicolon?)"),
    "JSON without t": ('{"curves": [[1]]}', 'must be {"t": [...], "curves": [[...], ...]}'),
    "JSON of another shape": ('{"t": [0, 1], "curves": [[1]]}', "t has shape (2,), curves (1, 1)"),
    "ragged JSON": ('{"t": [0, 1], "curves": [[1], [1, 2]]}', "rows of different lengths"),
    "words in JSON": ('{"t": [0], "curves": [["a"]]}', "not numbers"),
    "null in JSON": ('{"t": [0], "curves": [[null]]}', "f(x_t) - f*=nan: must be a number"),
    "half a JSON": ('{"t": [0', "not JSON"),
    "damaged archive": (b"PK\x03\x04rest", "not a NumPy archive"),
    "binary": (bytes(range(256)), "not a text file"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_curves_are_refused_in_one_line(tmp_path, case):
    content, words = REFUSED[case]
    path = write(tmp_path, "curves", content)
    with pytest.raises(InputError) as error:
        read_curves(path)
    said = str(error.value)
    assert said.startswith(f"curves={path}: ")
    assert words in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"t": T}, "must have arrays t"),
        ({"t": T, "curves": CURVES.T}, r"t has shape \(3,\), curves \(3, 2\)"),
        ({"t": T, "curves": np.full((1, 3), np.nan)}, "must be a number"),
        ({"t": T, "curves": np.array([["a", "b", "c"]])}, "not numbers"),
        ({"t": T, "curves": np.array([{}, {}, {}])}, "not a NumPy archive of numbers"),
    ],
)
def test_bad_archives_are_refused_in_one_line(tmp_path, arrays, words):
    with pytest.raises(InputError, match=words):
        read_curves(write(tmp_path, "curves", archive(tmp_path, **arrays)))


def test_a_curve_may_reach_infinity(tmp_path):
    assert read_curves(write(tmp_path, "c.csv", "0,4\n1,inf\n"))[1][0, 1] == np.inf


CALL = ["verify", "ridge", "--theorem", "unified-sam/3.2", "--sampling", "uniform", "--lam", "0", "--json", "-"]


def judged(tmp_path, capsys, text):
    code = cli.main([*CALL, "--curves", write(tmp_path, "c.csv", text)])
    (cell,) = json.loads(capsys.readouterr().out)["cells"]
    return code, cell["verdict"], cell["evidence"][0]


def test_curves_from_another_start_get_a_hint(tmp_path, capsys):
    delta0 = load_problem("ridge").delta0
    hint = f"the curves begin at f(x0) - f* = {2 * delta0:.6g}, the problem at {delta0:.6g}: another start?"
    assert hint in judged(tmp_path, capsys, f"0,{2 * delta0!r}\n1,{2 * delta0!r}\n")[2]["detail"]
    for same in (f"0,{delta0!r}\n1,0\n", "1,0\n2,0\n"):
        assert "another start" not in judged(tmp_path, capsys, same)[2]["detail"]


def test_an_infinite_e_value_is_said_in_words(tmp_path, capsys):
    code, verdict, evidence = judged(tmp_path, capsys, "0,1,1\n1,inf,inf\n")
    assert (code, verdict) == (1, "violated")
    assert "e-value infinite" in evidence["where"]
    assert "1einf" not in str(evidence)
