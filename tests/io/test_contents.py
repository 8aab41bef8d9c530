"""Digests tell contents, not paths: of a file, and of the modules that it imports from its folder."""

from __future__ import annotations

from pathlib import Path

from samtheory.io.contents import changed, digest, digests, entropy


def test_the_digest_is_that_of_the_content(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("1,2\n")
    two.write_text("1,2\n")
    assert digest(one) == digest(two)
    two.write_text("1,3\n")
    assert digest(one) != digest(two)
    assert digest(tmp_path / "none") == "missing"


def test_imported_modules_of_the_folder_belong_to_the_content(tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    for name, text in {
        "problem.py": "import helper\nfrom package import part\n", "helper.py": "import deeper\n",
        "deeper.py": "import helper\n", "package/__init__.py": "", "package/part.py": "x = 1\n", "other.py": "",
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text)
    kept = digests([str(tmp_path / "problem.py")]).items()
    for name in ("problem.py", "helper.py", "deeper.py", "package/__init__.py", "package/part.py"):
        before = (tmp_path / name).read_text()
        (tmp_path / name).write_text(before + "# edited\n")
        assert changed(kept) == str(tmp_path / "problem.py"), name
        (tmp_path / name).write_text(before)
        assert changed(kept) is None
    (tmp_path / "other.py").write_text("x = 2\n")
    assert changed(kept) is None


def test_the_seed_follows_the_content_and_not_the_folder(tmp_path: Path) -> None:
    paths = []
    for folder, text in (("a", "1\n"), ("b", "1\n"), ("c", "2\n")):
        (tmp_path / folder).mkdir()
        paths.append(tmp_path / folder / "data.csv")
        paths[-1].write_text(text)
    first, same, other = (entropy(0, ["data.csv"], [str(path)]) for path in paths)
    assert first == same != other
