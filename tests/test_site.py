"""The documentation site: everything public has an entry, every page is listed. `scripts/docs` builds the site."""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

import samtheory
from samtheory.commands import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
TREE = re.compile(r"^```\{toctree\}\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture
def page_maker(monkeypatch: pytest.MonkeyPatch):
    """A module of docs/_pages by its name."""
    monkeypatch.syspath_prepend(str(DOCS))
    return lambda name: importlib.import_module(f"_pages.{name}")


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_builder", ROOT / "scripts" / "_docs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_public_name_has_a_page_with_its_own_file(page_maker):
    made = dict(page_maker("python").pages())
    files = [path.lower() for path in made]
    assert len(set(files)) == len(files) == len(samtheory.__all__) + 1, "names that differ in case alone need two files"
    for name in samtheory.__all__:
        assert any(re.search(rf"^\.\. (auto\w+|py:data):: {name}$", text, re.MULTILINE) for text in made.values()), name
        assert f"`{name} <python/" in made["reference/python.rst"]


def test_every_command_has_a_page_with_every_option(page_maker):
    maker = page_maker("commands")
    made = dict(maker.pages())
    for name in COMMANDS:
        text = made[f"reference/commands/{name}.rst"]
        for action in maker.parser_of(name)._actions:
            shown = action.option_strings or [action.metavar or action.dest]
            for word in shown if action.dest != "help" else ():
                assert re.search(rf"^\.\. option:: .*{re.escape(word)}", text, re.MULTILINE), (name, word)


def test_assumptions_theorems_samplings_and_methods_are_listed(page_maker):
    from samtheory.assumptions import assumptions

    made = dict(page_maker("theory").pages())
    for kind, names in {
        "assumptions": assumptions(),
        "theorems": samtheory.theorems(),
        "samplings": samtheory.samplings(),
        "methods": samtheory.methods(),
    }.items():
        page = made[f"reference/{kind}.rst"]
        assert [
            name for name in names if not re.search(rf"^(\.\. _\w+-)?.*{re.escape(name)}", page, re.MULTILINE)
        ] == []


def test_every_schema_has_an_example_and_its_keys_a_meaning(page_maker):
    """That no document has other keys, the fixture `keys_have_a_meaning` tests in every document of the suite."""
    documents, keys = page_maker("documents"), page_maker("keys")
    assert keys.schemas() == documents.EXAMPLES.keys() | documents.LONG.keys() | documents.INTERNAL
    assert keys.tables().keys() - {keys.EVERYWHERE} == documents.EXAMPLES.keys() | documents.LONG.keys()
    everywhere = keys.tables()[keys.EVERYWHERE]
    for schema, table in keys.tables().items():
        assert all(text and text == text.strip() for text in table.values()), schema
        again = [path for path, text in table.items() if everywhere.get(path.rpartition(".")[2]) == text]
        assert again == [] or schema == keys.EVERYWHERE, "described twice"


def test_keys_of_a_document(page_maker):
    documents, keys = page_maker("documents"), page_maker("keys")
    schema = "samtheory.rates/1"
    document = {
        "schema": schema, "params": {"any": 1}, "region": None, "constants": {"L": {"value": 1.5, "odd": 1}},
        "rates": [{"rho_max": 2}, {"rho_max": 0.5, "other": []}, {"assumptions": [{"constants": ["L"]}]}],
    }  # fmt: skip
    assert keys.undescribed(document) == {"constants.*.odd", "rates.other"}
    shape = documents.shape(document, schema)
    assert shape["rates.rho_max"] == ({"integer", "number"}, "2")
    assert shape["rates.assumptions.constants"] == ({"list of strings"}, '["L"]')
    assert shape["constants.*.value"] == ({"number"}, "1.5")
    assert shape["params"] == ({"object"}, "")


def test_every_page_is_in_one_table_of_contents(page_maker):
    listed = [
        line
        for body in TREE.findall((DOCS / "index.md").read_text(encoding="utf-8"))
        for line in body.splitlines()
        if line and not line.startswith(":")
    ]
    pages = {Path(name).stem for name in page_maker("project").sources().values()} - {"index"}
    assert len(set(listed)) == len(listed)
    assert pages <= set(listed)
    makers = "".join(path.read_text(encoding="utf-8") for path in (DOCS / "_pages").glob("*.py"))
    assert [name for name in listed if name not in pages and f'"{name}.rst"' not in makers] == []


def test_links_between_pages_hold_in_the_site(page_maker):
    """A link to a page of the site is by its name there; others are as they were."""
    made = dict(page_maker("project").pages())
    assert "](contributing.md)" in made["architecture.md"]
    assert "](glossary.md)" in made["contributing.md"]
    for name, text in made.items():
        for target in re.findall(r"\]\(([\w./-]+\.md)[)#]", text):
            assert target in made, (name, target)


def test_verdicts_and_provenances_are_explained():
    from samtheory.constants import PROVENANCE
    from samtheory.status import Status

    verdicts, trust = ((DOCS / f"{name}.md").read_text(encoding="utf-8") for name in ("verdicts", "trust"))
    assert [word for word in Status if f"| *{word}* |" not in verdicts and word != Status.SKIPPED] == []
    assert [word for word in PROVENANCE if f"| *{word}*" not in trust] == []


@pytest.mark.parametrize(
    ("page", "loads"),
    [
        ('<script src="https://a.org/x.js">', True),
        ("<img alt='x' src='//a.org/x.png'>", True),
        ('<link rel="stylesheet" href="https://a.org/x.css">', True),
        ('<link href="https://a.org/x.css" rel="stylesheet">', True),
        ('@import "https://a.org/x.css"', True),
        ("src: url(https://a.org/x.woff)", True),
        ('<a href="https://a.org/">', False),
        ('<script src="_static/x.js">', False),
        ('<link rel="stylesheet" href="_static/x.css">', False),
        ("url(data:image/png;base64,//x)", False),
    ],
)
def test_what_a_page_loads_from_elsewhere_is_found(builder, tmp_path, page, loads):
    (tmp_path / "x.html").write_text(page, encoding="utf-8")
    assert bool(builder.foreign(tmp_path)) is loads


def test_docstrings_become_markup(page_maker):
    convert = page_maker("docstrings").prose
    assert convert("f* and `x_` of *exact* |x|.") == "f\\* and ``x_`` of *exact* \\|x\\|.\n\n"
    assert "x : y" not in convert("Title.\n\nParameters\n----------\nx : y *\n  z\n")
    assert convert("By\n\n    a * b\n\nso.").splitlines() == ["By", "", "::", "", "    a * b", "", "so.", ""]


def test_pages_that_are_no_longer_made_are_removed(page_maker, tmp_path, monkeypatch):
    package = sys.modules[page_maker("rst").__package__]
    for made in ([("a.rst", "1"), ("b/c.svg", b"2")], [("b/c.svg", b"3")]):
        monkeypatch.setattr(package, "generated", lambda made=made: iter(made))
        package.write(tmp_path)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["c.svg"]
    assert (tmp_path / "b" / "c.svg").read_bytes() == b"3"


def test_no_generated_page_is_in_the_repository():
    assert "/docs/_build/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert not [path for path in DOCS.rglob("*.rst") if "_build" not in path.parts]
    assert sys.modules.get("sphinx") is None, "the suite needs no Sphinx"


def test_the_slack_of_a_method_is_that_of_its_runs(page_maker):
    rows = list(page_maker("slack").rows("vasso", "tight-pair", "uniform"))
    assert len(rows) >= 10
    assert all(one == "–" or float(one) >= 1 for _, one, _ in rows)
    assert all(0 < float(measured) <= 1.5 for _, _, measured in rows)
    assert list(page_maker("slack").rows("heavy-ball", "tight-pair", "uniform")) == []
