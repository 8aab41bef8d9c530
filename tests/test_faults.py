"""The page of kinds of faults names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROWS = [line for line in (ROOT / "docs" / "faults.md").read_text().splitlines() if line.startswith("| ")]
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_kind_of_fault_has_a_test_that_exists():
    kinds = [row for row in ROWS if not row.startswith("| kind of fault")]
    assert len(kinds) >= 35
    for row in kinds:
        named = TEST.findall(row)
        assert len(named) == row.count("::") > 0, row
        for path, name in named:
            assert re.search(rf"^def {name}\(", (ROOT / path).read_text(), re.MULTILINE), f"{path}::{name}"
