"""The file of the setting: a record of what the symbols are, what their types say, and the means over all paths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from ..language.terms import far, t
from .facts import HEAD, Writer
from .terms import Field

GIVEN = "{S : space} {Om : Type}"
#: What the setting has in any case: name, type, words.
OWN = (
    ("x_0", "S", "the start"),
    ("draws", "law Om", "the law of a draw"),
    ("next", "nat -> S -> Om -> S", "x+ from the number of the step, x and the draw"),
)
#: Means over x_t: name, the field that it needs, the number, and why that is not negative.
MEANS = (
    ("gap_at", "delta", "delta s", "ty_delta ty"),
    ("grad2_at", "grad", "fun x => norm (grad s x) ^ 2", "fun x => pow2_ge_0 _"),
    ("grad_at", "grad", "fun x => norm (grad s x)", "fun x => norm_nonneg _"),
    ("V_at", "offset", "fun x => norm (offset s x) ^ 2", "fun x => pow2_ge_0 _"),
)
#: The variables of the fields by their type.
VARIABLES = {"R": "", "nat -> R": "n", "S -> R": "x", "nat -> S -> R": "n x", "nat -> S -> Om -> R": "n x v"}
#: What is cited and not proved: words, and the proposition.
PL = "(forall x, 2 * mu s * delta s x <= norm (grad s x) ^ 2)"
CITED: Mapping[str, tuple[str, str]] = {
    "PL_unbounded": (
        "gradient flow: a function that is PL and not constant has no upper bound",
        f"{PL} -> (exists x, 0 < delta s x) -> forall c, exists x, c < delta s x",
    ),
    "growth": (
        "quadratic growth under PL (Karimi, Nutini, Schmidt 2016)",
        f"{PL} -> forall x, mu s / 2 * norm (offset s x) ^ 2 <= delta s x",
    ),
    "zeta_two": (
        "the sum of 1/j^2 is pi^2/6 (Euler)",
        "forall F, F O = 0 -> (forall n, F (Datatypes.S n) = F n + / (INR n + 1) ^ 2) -> forall n, F n <= PI ^ 2 / 6",
    ),
}


def text(writer: Writer) -> str:
    """The file, without its head."""
    setting = writer.setting
    fields = {setting.names.of[each.key]: each for each in setting.fields.values()}
    fields.setdefault("t", Field(t, "nat", "the time"))
    every = [*OWN, *((name, each.type, each.words) for name, each in fields.items())]
    signs = types(fields)
    lines = ["Record setting {S : space} {Om : Type} : Type := Setting {"]
    lines += [f"  {name} : {kind}{';' * (name != every[-1][0])} (* {plain(words)} *)" for name, kind, words in every]
    lines += ["}.", "Arguments setting S Om : clear implicits.", ""]
    lines += [f"Definition a {HEAD} : R := 1 - lam s."] * ("lam" in fields)
    lines += [f"Definition a_at {HEAD} (n : nat) : R := 1 - lam_at s n."] * ("lam_at" in fields)
    lines += [f"Definition at_time {HEAD} (n : nat) : law S := paths (draws s) (x_0 s) (next s) n."]
    means = [each for each in MEANS if each[1] in fields]
    lines += [f"Definition {name} {HEAD} (n : nat) : R := mean (at_time s n) ({what})." for name, _, what, _ in means]
    lines += ["", "(* What the types of the symbols say. *)", f"Record typed {HEAD} : Prop := Typed {{"]
    lines += [f"  {name} : {says}{';' * (name != list(signs)[-1])}" for name, says in signs.items()]
    lines += ["}.", *(f"Arguments {name} {{S Om s}} _." for name in signs), ""]
    changed = {setting.names.of[each]: setting.fields[each].type for each in setting.changed if each != t}
    for name, kind in {"t": "nat", **changed}.items():
        lines += setter(name, kind, [each for each, *_ in every], signs)
    lines += [
        f"Lemma {name}_nonneg {HEAD} (ty : typed s) n : 0 <= {name} s n.\nProof. exact (mean_nonneg _ _ ({why})). Qed."
        for name, _, _, why in means
    ]
    if "far" in fields and "offset" in fields:
        lines += [
            "(* x* is a minimiser nearest to x, so that x+ is not further from its own. *)",
            f"Lemma nearest_at {HEAD} (ty : typed s) n :",
            "  V_at s (Datatypes.S n) <= mean (at_time s n) (fun x => mean (draws s) (fun v => far s n x v)).",
            "Proof.\n  unfold V_at, at_time. rewrite tower.",
            "  apply mean_le. intros x. apply mean_le. intros v. exact (ty_nearest ty n x v).\nQed.",
        ]
    for each in sorted({each for stated in writer.stated.values() for each in stated.cited}):
        words, says = CITED[each]
        lines += [f"(* Cited: {words}. *)", f"Definition {each} {HEAD} : Prop :=\n  {says}."]
    return "\n".join(lines) + "\n"


def plain(words: str) -> str:
    """Words that do not end a comment."""
    return words.replace("*)", "* )").replace("(*", "( *")


def types(fields: Mapping[str, Field]) -> dict[str, str]:
    """What the types of the fields say, by name."""
    signs: dict[str, str] = {}
    for name, each in fields.items():
        sign = sign_of(each.key)
        if sign is None:
            continue
        if each.type == "nat":
            signs |= {f"ty_{name}": f"(0 < {name} s)%nat"} if sign == "<" else {}
            continue
        variables = VARIABLES[each.type]
        ahead, behind = (f"forall {variables}, ", f" {variables}") if variables else ("", "")
        signs[f"ty_{name}"] = f"{ahead}0 {sign} {name} s{behind}"
        if each.key == far and "offset" in fields:
            signs["ty_nearest"] = "forall n x v, norm (offset s (next s n x v)) ^ 2 <= far s n x v"
    signs |= {"ty_a": "0 <= 1 - lam s"} if "lam" in fields else {}
    signs |= {"ty_a_at": "forall n, 0 <= 1 - lam_at s n"} if "lam_at" in fields else {}
    return signs or {"ty_nothing": "True"}


def sign_of(key: Any) -> str | None:
    """The relation of 0 to what a field is, by the type of its symbol or function."""
    if isinstance(key, tuple):
        return None
    x = key if isinstance(key, sp.Basic) else key(t)
    return "<" if x.is_positive else "<=" if x.is_nonnegative else None


def setter(name: str, kind: str, every: list[str], signs: Mapping[str, str]) -> list[str]:
    """The setting with another value of a constant, and that it is typed."""
    values = " ".join("z" if each == name else f"({each} s)" for each in every)
    conditions = [says.replace(f"{name} s", "z") for label, says in signs.items() if label == f"ty_{name}"]
    conditions += ["0 <= 1 - z"] if name == "lam" else []
    arrows = "".join(f"{each} -> " for each in conditions)
    head = f"{GIVEN} (z : {kind}) (s : setting S Om)"
    return [
        f"Definition set_{name} {head} : setting S Om := Setting S Om {values}.",
        f"Lemma typed_set_{name} {head} : {arrows}typed s -> typed (set_{name} z s).",
        f"Proof. intros {'? ' * len(conditions)}[]. constructor; assumption. Qed.",
    ]
