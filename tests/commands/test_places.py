"""Every option that writes, to every place that cannot be written: one line, and no file is harmed or left behind."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from samtheory import cli

CELL = "two-quadratics --sampling full --workers 1"
VERIFY = f"verify {CELL} --theorem unified-sam/3.4 --lam 0 --steps 5"
#: Commands with a path @, and the ending of the path.
WRITES = {
    "json": (f"{VERIFY} --json @", ""),
    "html": (f"{VERIFY} --html @", ""),
    "summary": (f"{VERIFY} --summary @", ""),
    "baseline": (f"{VERIFY} --baseline @", ""),
    "update": (f"{VERIFY} --update-baseline --baseline @", ""),
    "resume": (f"{VERIFY} --resume @", ""),
    "witness": (f"check {CELL} --level least --witness @", ".npz"),
    "plot": ("plot two-quadratics --sampling full --theorem unified-sam/3.4 --lam 0 --steps 5 --out @", ".pdf"),
    "new": ("new problem @", ".py"),
    "figures": ("figures fig1 --quick --workers 1 --out @", ""),
    "figures-json": ("figures fig1 --quick --workers 1 --check --json @", ""),
}


def places(folder, ending):
    """Paths that no file can be written to."""
    (folder / f"folder{ending}").mkdir()
    (folder / "file").touch()
    yield folder / "missing" / f"x{ending}"
    yield folder / f"folder{ending}"
    yield folder / "file" / f"x{ending}"
    yield folder / f"{'x' * 300}{ending}"
    if Path("/proc/self").is_dir():
        yield Path(f"/proc/nothing{ending}")


def called(line, path, capsys):
    words = [word.replace("@", str(path)) for word in line.split()]
    code = cli.main(words)
    return code, capsys.readouterr().err


@pytest.mark.parametrize("option", WRITES)
def test_a_place_that_cannot_be_written_is_one_line_before_any_work(option, tmp_path, capsys):
    line, ending = WRITES[option]
    for path in places(tmp_path, ending):
        if option == "figures" and path in (tmp_path / "missing" / "x", tmp_path / "folder"):
            continue  # a folder is made, or used
        before = sorted(tmp_path.rglob("*"))
        code, err = called(line, path, capsys)
        assert (code, err.count("\n")) == (2, 1), err
        assert str(path)[:80] in err
        assert "-X dev" not in err
        assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("option", [each for each in WRITES if each not in ("new", "figures", "figures-json")])
def test_a_disk_that_fills_up_leaves_the_old_file_whole(option, tmp_path, capsys, monkeypatch):
    line, ending = WRITES[option]
    path = tmp_path / f"old{ending}"
    if option not in ("resume", "baseline"):  # these read what is there
        path.write_text("what was there")

    def full(*arguments, **named):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        for name in ("write_text", "write_bytes", *(("open",) if option in ("summary", "resume") else ())):
            patch.setattr(f"samtheory.io.output.Path.{name}", full)
        code, err = called(line, path, capsys)
    assert code in (2, 3)
    assert "No space left on device" in err.splitlines()[-1]
    assert f"old{ending}" in err.splitlines()[-1]
    journal = ["old.partial"] if option == "json" else []  # the finished cells, to go on with
    assert sorted(each.name for each in tmp_path.iterdir()) == [path.name] * path.exists() + journal
    assert not path.exists() or path.read_text() == "what was there"


def test_an_empty_folder_is_no_folder(capsys):
    assert cli.main(["figures", "fig1", "--out", ""]) == 2
    assert "out=: must be a folder" in capsys.readouterr().err
