"""Names of files may hold any character; what is printed of them stays on its line."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samtheory.cli import main
from samtheory.errors import CONTROL
from samtheory.io.shell import command

NAME = "a\nb\x1b[31m\r'c"


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (["check", "{file}", "--sampling", "uniform", "--level", "least"], 1, "$'{shown}.py'"),
        (["rates", "{file}", "--sampling", "uniform", "--theorem", "ours/non-convex"], 0, "c.py"),
        (["rates", "{missing}"], 2, "file={heading}.no.py: cannot be read"),
        (["rates", "ridge", "--data", "{missing}"], 2, "data={heading}.no.py: cannot be read"),
        (["rates", "ridge", "--theorem", "{missing}"], 2, "={heading}.no.py: "),
        (["new", "method", "{new}"], 0, "$'{shown}.new.py'"),
    ],
)
def test_a_name_of_several_lines_is_printed_on_one(words, code, expected, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = ["import dataclasses, samtheory", "def problem():", "    found = samtheory.load_problem('two-quadratics')"]
    lines.append("    return dataclasses.replace(found, L=0.1, mu=None, properties=frozenset())")
    (tmp_path / f"{NAME}.py").write_text("\n".join(lines))
    names = {"file": f"{NAME}.py", "missing": f"{NAME}.no.py", "new": f"{NAME}.new.py"}
    assert main([word.format(**names) for word in words]) == code
    printed = capsys.readouterr()
    found = expected.format(shown=r"a\nb\x1b[31m\r\'c", heading=r"a\nb\x1b[31m\r'c")
    assert found in printed.out + printed.err
    assert not CONTROL.search((printed.out + printed.err).replace("\n", ""))


@settings(max_examples=20)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6), min_size=1, max_size=4))
def test_a_shell_reads_the_words_of_a_printed_command(words):
    line = command(words)
    assert "\n" not in line
    read = subprocess.run(["bash", "-c", f"printf '%s\\0' {line}"], capture_output=True, check=True)
    assert read.stdout.decode() == "".join(f"{word}\0" for word in words)
