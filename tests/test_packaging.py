"""What is shipped, what importing it costs, and the scripts that set themselves up."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRIVATE = ("problems", "tests", "figures", "scripts")
HEAVY = {"numpy", "scipy", "sympy", "matplotlib"}


# The wheel


def shipped(folder: Path) -> set[str]:
    return {
        path.relative_to(folder.parent).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """The wheel of a copy of the checkout: setuptools leaves a build folder that would end up in the next wheel."""
    source, out = tmp_path_factory.mktemp("source") / "checkout", tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info"))
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(source)]
    built = subprocess.run(command, check=False, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    (archive,) = out.iterdir()
    return zipfile.Path(archive)


def names(wheel: zipfile.Path) -> set[str]:
    return {name for name in wheel.root.namelist() if not name.endswith("/")}


def test_wheel_has_every_file_of_the_package_and_of_problems(wheel):
    tree = shipped(ROOT / "samtheory") | {f"samtheory/{name}" for name in shipped(ROOT / "problems")}
    assert {name for name in names(wheel) if name.startswith("samtheory/")} == tree
    assert "samtheory/py.typed" in tree


def test_wheel_has_nothing_else_at_top_level(wheel):
    import samtheory

    tops = {name.split("/")[0] for name in names(wheel)}
    assert tops == {"samtheory", f"samtheory-{samtheory.__version__}.dist-info"}


def test_wheel_needs_the_core_alone(wheel):
    (metadata,) = (name for name in names(wheel) if name.endswith(".dist-info/METADATA"))
    requirements = [
        line.removeprefix("Requires-Dist: ")
        for line in wheel.joinpath(metadata).read_text(encoding="utf-8").splitlines()
        if line.startswith("Requires-Dist: ")
    ]
    core = {line.split(">=")[0] for line in requirements if "extra ==" not in line}
    assert core == HEAVY


def test_extra_all_is_every_extra_for_users():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    (everything,), developers, site = (extras.pop(name) for name in ("all", "dev", "docs"))
    assert set(everything.removeprefix("samtheory[").removesuffix("]").split(",")) == set(extras)
    assert developers[0] == "samtheory[all]"
    assert any(need.startswith("sphinx") for need in site)
    assert not [need for need in site if need.startswith("samtheory")]
    assert not [need for needs in extras.values() for need in needs if need.startswith(("mypy", "ruff", "hypothesis"))]


# The installation


def test_only_samtheory_is_importable(tmp_path):
    find = f"from importlib.util import find_spec; print([n for n in {('samtheory', *PRIVATE)} if find_spec(n)])"
    found = subprocess.run([sys.executable, "-c", find], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "['samtheory']"


def imported(cwd: Path, *arguments: str) -> set[str]:
    """The top-level modules that a run of Python imports."""
    command = [sys.executable, "-X", "importtime", *arguments]
    run = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True)
    lines = (line for line in run.stderr.splitlines() if line.startswith("import time:"))
    return {line.split("|")[-1].strip().split(".")[0] for line in lines}


COMMAND = str(Path(sysconfig.get_path("scripts")) / "samtheory")


@pytest.mark.parametrize("arguments", [("-c", "import samtheory"), (COMMAND, "--help"), (COMMAND, "--version")])
def test_nothing_heavy_is_imported_before_it_is_used(tmp_path, arguments):
    modules = imported(tmp_path, *arguments)
    assert "samtheory" in modules
    assert not modules & HEAVY


# The scripts, in a checkout of their own whose venv and pip only take notes

VENV = """
import pathlib, shutil, sys
assert sys.argv[1] == "--clear"
shutil.rmtree(sys.argv[2], ignore_errors=True)
bin = pathlib.Path(sys.argv[2]) / "bin"
bin.mkdir(parents=True)
(bin / "python").symlink_to(sys.executable)
"""
PIP = """
import os, pathlib, sys, time
with open("calls", "a") as calls:
    print(*sys.argv[1:], file=calls)
time.sleep(0.3)  # long enough for another process to get in, if anything lets it
print("pip chatters")
for name in ("samtheory", "pytest", "ruff", "mypy"):
    script = pathlib.Path(".venv/bin") / name
    script.write_text('#!/bin/sh\\necho "${0##*/} in $PWD, $OMP_NUM_THREADS thread"\\n'
                      'for argument; do echo "<$argument>"; done\\nexit "${EXIT:-0}"\\n')
    script.chmod(0o755)
sys.exit(os.path.exists("pip-fails"))
"""


class Checkout:
    """The scripts with stand-ins for venv and pip."""

    def __init__(self, folder: Path):
        self.root = folder / "check out"  # a space, for the quoting
        shutil.copytree(ROOT / "scripts", self.root / "scripts")
        shutil.copy(ROOT / "pyproject.toml", self.root)
        (folder / "venv.py").write_text(VENV)
        (folder / "pip.py").write_text(PIP)
        self.environment = {key: value for key, value in os.environ.items() if not key.endswith("_NUM_THREADS")}
        self.environment |= {"PYTHONPATH": str(folder), "PYTHON": sys.executable}

    def start(self, script: str | Path, *arguments: str, cwd: Path | None = None, **environment: str):
        return subprocess.Popen(
            [self.root / "scripts" / script, *arguments],
            cwd=cwd or self.root,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, script: str | Path, *arguments: str, cwd: Path | None = None, **environment: str):
        process = self.start(script, *arguments, cwd=cwd, **environment)
        out, err = process.communicate()
        return process.returncode, out.splitlines(), err

    @property
    def installations(self) -> list[str]:
        calls = self.root / "calls"
        return calls.read_text().splitlines() if calls.exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_first_run_installs_and_the_second_starts_at_once(checkout):
    code, out, err = checkout.run("verify")
    page = ["<--html>", f"<{checkout.root}/verify.html>"]
    assert (code, out) == (0, [f"samtheory in {checkout.root}, 1 thread", "<verify>", *page])
    assert "setting up" in err
    assert checkout.installations == ["install -qq --editable .[dev]"]

    assert checkout.run("verify") == (0, out, "")
    assert len(checkout.installations) == 1


def test_verify_passes_everything_on(checkout, tmp_path):
    """From any directory, through a link, with the caller's directory, arguments, environment and exit code kept."""
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    (elsewhere / "link").symlink_to(checkout.root / "scripts" / "verify")
    arguments = ("--html=a b", "my problem.py", "--param", "n=3 4", "", "*")
    code, out, _ = checkout.run(elsewhere / "link", *arguments, cwd=elsewhere, OMP_NUM_THREADS="2", EXIT="7")
    assert code == 7
    assert out == [f"samtheory in {elsewhere}, 2 thread", "<verify>", *(f"<{argument}>" for argument in arguments)]


@pytest.mark.parametrize("arguments", [("--html", "page.html"), ("--html=page.html",), ("--self-test",)])
def test_verify_adds_no_page_where_another_is_asked_for_or_none_can_be(checkout, arguments):
    _, out, _ = checkout.run("verify", *arguments)
    assert out[1:] == ["<verify>", *(f"<{argument}>" for argument in arguments)]


def test_figures_are_those_of_the_checkout_unless_told_otherwise(checkout, tmp_path):
    _, out, _ = checkout.run("figures", "fig1", "--out", "here", cwd=tmp_path)
    assert out[0] == f"samtheory in {tmp_path}, 1 thread"
    assert out[1:] == ["<figures>", "<--out>", f"<{checkout.root}/figures>", "<fig1>", "<--out>", "<here>"]


def test_test_without_arguments_checks_everything_in_the_checkout(checkout, tmp_path):
    code, out, _ = checkout.run("test", cwd=tmp_path)
    assert code == 0
    assert [line.split(",")[0] for line in out if " in " in line] == [
        f"{tool} in {checkout.root}" for tool in ("ruff", "ruff", "mypy", "pytest")
    ]
    assert len(checkout.installations) == 1


def test_test_stops_at_the_first_failure(checkout):
    code, out, _ = checkout.run("test", EXIT="5")
    assert code == 5
    assert not any(line.startswith("mypy") for line in out)


@pytest.mark.parametrize(
    ("arguments", "default"),
    [(("-k", "a b"), True), (("here.py::test_x", "-x"), False), ((".",), False)],
)
def test_test_with_arguments_is_pytest_where_the_caller_is(checkout, tmp_path, arguments, default):
    (tmp_path / "here.py").touch()
    code, out, _ = checkout.run("test", *arguments, cwd=tmp_path)
    assert code == 0
    assert out == [
        f"pytest in {tmp_path}, 1 thread",
        "<-c>",
        f"<{checkout.root / 'pyproject.toml'}>",
        *(f"<{argument}>" for argument in arguments),
        *([f"<{checkout.root / 'tests'}>"] if default else []),
    ]


def change_dependency(root: Path) -> None:
    file = root / "pyproject.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("numpy>=", "numpy>1,>="), encoding="utf-8")


def lose_the_stamp(root: Path) -> None:
    (root / ".venv" / "made-from").unlink()


def break_the_interpreter(root: Path) -> None:
    python = root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("no-such-python")


def lose_the_command(root: Path) -> None:
    (root / ".venv" / "bin" / "samtheory").unlink()


@pytest.mark.parametrize("damage", [change_dependency, lose_the_stamp, break_the_interpreter, lose_the_command])
def test_an_environment_that_will_not_do_is_made_anew(checkout, damage):
    checkout.run("verify")
    (checkout.root / ".venv" / "left-over").touch()
    damage(checkout.root)
    code, _, _ = checkout.run("verify")
    assert code == 0
    assert len(checkout.installations) == 2
    assert not (checkout.root / ".venv" / "left-over").exists()


def test_a_moved_checkout_is_set_up_again(checkout, tmp_path):
    checkout.run("verify")
    checkout.root = checkout.root.rename(tmp_path / "moved")
    checkout.run("verify")
    assert len(checkout.installations) == 2


def test_a_change_that_pip_does_not_read_keeps_the_environment(checkout):
    checkout.run("verify")
    with (checkout.root / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n[tool.something-else]\nline-length = 1\n")
    checkout.run("verify")
    assert len(checkout.installations) == 1


def test_a_failed_installation_is_said_and_tried_again(checkout):
    (checkout.root / "pip-fails").touch()
    code, out, err = checkout.run("verify")
    assert (code, out) == (3, [])
    assert err.splitlines()[-1].startswith(f"cannot set up {checkout.root / '.venv'}: ")
    assert "Traceback" not in err

    (checkout.root / "pip-fails").unlink()
    assert checkout.run("verify")[0] == 0
    assert len(checkout.installations) == 2


def test_simultaneous_first_runs_install_once(checkout):
    processes = [checkout.start("verify", str(number)) for number in range(3)]
    outputs = [process.communicate()[0].splitlines() for process in processes]
    assert [out[-1] for out in outputs] == ["<0>", "<1>", "<2>"]
    assert len(checkout.installations) == 1
