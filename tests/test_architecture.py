"""The house: imports point downwards, files stay short and documented."""

import ast
import importlib
import inspect
import pkgutil
import re
import tokenize
from pathlib import Path

import samtheory
from samtheory.proofs.run import files

ROOT = Path(__file__).parents[1]
LIBRARY = Path(samtheory.__file__).parent

#: The floor of every room; a room imports from its own floor only where that is said below, else from lower floors.
FLOORS = {
    1: ["errors", "status", "_typing", "_version"],
    2: ["assumptions", "constants", "schedules", "request", "io"],
    3: ["theorems", "sampling", "methods", "execution"],
    4: ["objectives"],
    5: ["problem"],
    6: ["catalogue", "engine", "certify"],
    7: ["calculator", "checking", "verification", "proofs"],
    8: ["falsification", "conformance", "worst_cases"],
    9: ["__init__", "pytest_plugin", "report", "figures", "verbs"],
    10: ["templates"],
    11: ["commands"],
    12: ["__main__", "cli"],
}
FLOOR = {room: floor for floor, rooms in FLOORS.items() for room in rooms}

#: Rooms that know less than their floor allows.
ONLY = {
    "assumptions": {"errors", "_typing"},
    "theorems": {"errors", "constants", "schedules", "request", "_typing"},
    "methods": {"errors", "constants", "_typing"},
}

LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
FILES = sorted(path for path in LIBRARY.rglob("*.py") if "problems" not in path.relative_to(LIBRARY).parts)


def room(path):
    """The room that a file of the library is in."""
    return path.relative_to(LIBRARY).with_suffix("").parts[0]


def rooms_imported(path):
    """The rooms that a file imports from, by relative or absolute import, on whatever line."""
    package = ("samtheory", *path.relative_to(LIBRARY).parent.parts)
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            targets = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            base += node.module.split(".") if node.module else []
            targets = [[*base, alias.name] for alias in node.names]
        else:
            continue
        found |= {target[1] for target in targets if target[0] == "samtheory" and len(target) > 1}
    return (found & FLOOR.keys()) - {room(path)}


#: The rooms that each file imports from; the front door resolves every name on first use.
IMPORTED = {path: rooms_imported(path) for path in FILES if path != LIBRARY / "__init__.py"}


def test_imports_point_downwards():
    upwards = {
        (str(path.relative_to(LIBRARY)), name)
        for path, imported in IMPORTED.items()
        for name in imported
        if FLOOR[name] > FLOOR[room(path)] or name not in ONLY.get(room(path), imported)
    }
    assert upwards == set()


def test_every_room_has_a_floor_and_no_two_rooms_import_each_other():
    assert {room(path) for path in FILES} == set(FLOOR)
    known = {name: set().union(*(found for path, found in IMPORTED.items() if room(path) == name)) for name in FLOOR}
    del known["__init__"]
    while free := [name for name, imported in known.items() if not imported & known.keys()]:
        known = {name: imported for name, imported in known.items() if name not in free}
    assert known == {}, "rooms that import each other"


def test_the_page_on_the_architecture_has_the_same_floors():
    """docs/architecture.md: a row for each room, with its floor and one sentence."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \| ([^|]+\.) \|$", page, re.MULTILINE)
    assert {name: int(floor) for floor, name, _ in rows} == FLOOR
    assert [int(floor) for floor, *_ in rows] == sorted((int(floor) for floor, *_ in rows), reverse=True)


def test_tests_lie_in_rooms():
    """tests/ROOM/, beside tests of root modules and of the project as a whole, and helpers in tests/support/."""
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders - {"support"} <= set(FLOOR)
    helpers = [path for path in (ROOT / "tests").rglob("*.py") if not path.name.startswith("test_")]
    # Files of problems and theorems that attack a room lie in its folder `attacks`; proofs in `false_proofs`.
    parents = {path.parent.name for path in helpers if path.name != "conftest.py"}
    assert parents == {"support", "attacks", "false_proofs"}


def test_the_house_is_small():
    assert len(FLOORS) <= 12
    assert len(list(LIBRARY.glob("*.py"))) <= 12


def test_the_import_reader_reads():
    """Otherwise the test above would pass for want of imports."""
    assert rooms_imported(LIBRARY / "catalogue.py") >= {"errors", "problem", "theorems"}
    assert rooms_imported(LIBRARY / "engine" / "run.py") >= {"methods", "problem", "sampling"}
    assert rooms_imported(LIBRARY / "theorems" / "plan.py") == {
        "_typing",
        "constants",
        "errors",
        "request",
        "schedules",
    }


def sources():
    folders = [LIBRARY, ROOT / "problems", ROOT / "tests", ROOT / "scripts", ROOT / "figures"]
    return sorted({path for folder in folders for path in folder.rglob("*.py")})


def test_files_are_short_and_say_what_they_are():
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in sources()}
    assert [name for name, text in texts.items() if text.count("\n") > 400] == []
    assert [name for name, text in texts.items() if not ast.get_docstring(ast.parse(text))] == []


def code_lines(path):
    """How many lines of a file are not blank, no comment and no docstring."""
    with tokenize.open(path) as file:
        tokens = [token for token in tokenize.generate_tokens(file.readline) if token.type not in LAYOUT]
    before = [tokenize.NEWLINE, *(token.type for token in tokens)]
    texts = [token for token, last in zip(tokens, before, strict=False)
             if not (token.type == tokenize.STRING and last == tokenize.NEWLINE)]  # fmt: skip
    return len({line for token in texts if token.type != tokenize.NEWLINE
                for line in range(token.start[0], token.end[0] + 1)})  # fmt: skip


def test_the_kernel_of_the_proofs_is_small():
    assert sum(map(code_lines, (LIBRARY / "proofs" / "kernel").glob("*.py"))) <= 500


def modules():
    """The modules of the library; importing __main__ runs the program."""
    found = pkgutil.walk_packages(samtheory.__path__, "samtheory.")
    return [info.name for info in found if not info.name.startswith(("samtheory.problems", "samtheory.__main__"))]


def public(module):
    """Public functions and classes defined in the module, and the public functions of those classes, by name."""
    for name, thing in vars(module).items():
        if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(thing):
            yield name, thing
        elif inspect.isclass(thing):
            yield name, thing
            for attribute, value in vars(thing).items():
                function = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
                if not attribute.startswith("_") and inspect.isfunction(function):
                    yield f"{name}.{attribute}", getattr(thing, attribute) if function is value else function


def lacking(module):
    """What the public functions and classes of a module lack."""
    for label, thing in public(module):
        owner, _, attribute = label.partition(".")
        # A method that overrides a documented one is documented by it.
        if not inspect.getdoc(getattr(vars(module)[owner], attribute) if attribute else thing):
            yield f"{module.__name__}.{label}: no docstring"
        if inspect.isclass(thing):
            continue
        signature = inspect.signature(thing)
        bare = [key for key, value in signature.parameters.items() if value.annotation is inspect.Parameter.empty]
        if set(bare) - {"self", "cls"}:
            yield f"{module.__name__}.{label}: not annotated"
        if signature.return_annotation is inspect.Signature.empty:
            yield f"{module.__name__}.{label}: no return annotation"


def test_what_is_public_is_documented_and_annotated():
    """The modules without an extra that is not installed; of proofs, which are long to load, the text."""
    proofs, found = set(files().values()), []
    for name in modules():
        if name.rpartition(".")[0] == "samtheory.proofs" and name.rpartition(".")[2] in proofs:
            found += lacking_in_text(LIBRARY / "proofs" / f"{name.rpartition('.')[2]}.py")
            continue
        try:
            found += lacking(importlib.import_module(name))
        except ModuleNotFoundError as error:
            if str(error.name).startswith("samtheory"):
                raise
    assert found == []


def lacking_in_text(path):
    """As `lacking`, of a file with functions alone."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        assert not isinstance(node, ast.ClassDef), f"{path.name}: a class in a proof"
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            if not (ast.get_docstring(node) and node.returns and all(each.annotation for each in arguments)):
                yield f"{path.name}: {node.name}: no docstring or annotation"
