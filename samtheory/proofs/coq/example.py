"""The premises of the statements on the method hold together: each of them at one function, sampling and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .method import Statement

HEAD = (
    "Require Import Reals Lra.\nFrom Samtheory Require Import {}.\nFrom Samtheory Require {}.\nOpen Scope R_scope.\n\n"
)
#: f(x) = x^2/2 on the line with x_0 = 1, and g_v(x) = x + 1 or x - 1; where the batch is full, g_v(x) = x and C = 0.
NUMBERS = {
    "L": "1", "mu": "1", "Lambda": "1", "A": "0", "B": "1", "C": "1", "gamma": "(1 / 100)", "rho": "(1 / 100)",
    "lam": "(1 / 2)", "epsilon": "1", "L_max": "1", "γ̂": "(1 / 100)", "ρ̂": "(1 / 100)",
}  # fmt: skip
#: Numbers that are tried in turn: a case of the roll-out is about long steps, a condition has sqrt(1 - lam) in it.
TRIED: tuple[Mapping[str, str], ...] = ({}, {"gamma": "2"}, {"lam": "0"})


def text(library: tuple[str, ...], made: Mapping[str, tuple[Statement, ...]]) -> str:
    """The file: for each statement, that its premises are true in this example."""
    return HEAD.format(" ".join(library), " ".join(made)) + "\n".join(goals(made))


def goals(made: Mapping[str, tuple[Statement, ...]]) -> Iterator[str]:
    """A goal for each statement, proved if Coq can prove its premises."""
    for file, statements in made.items():
        for each in statements:
            ways = " | ".join(f"premises_of ({file}.{each.name} {at(each, change)})" for change in TRIED)
            yield f"(* {each.name} *)\nGoal True.\nProof. first [{ways}]. Qed.\n"


def at(statement: Statement, change: Mapping[str, str]) -> str:
    """What a statement is applied to."""
    noise = "0" if "full_batch" in statement.premises else "1"
    numbers = {**NUMBERS, "C": noise, **change}
    point = ["1"] * statement.at_a_point
    functions = f"line bool coin half_square 0 identity (noisy {noise}) (fun _ => 1) 1 0%nat"
    return " ".join([functions, *point, *(numbers[name] for name in statement.constants)])
