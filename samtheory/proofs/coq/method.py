"""From the method itself: claims of a proof at the setting that f, its gradient, g_v and Unified SAM make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sympy as sp
from sympy.core.function import AppliedUndef

from samtheory.theorems.base import ConstantSteps
from samtheory.theorems.symbols import L, delta0, gamma, lam, rho

from .. import setting as declared
from ..kernel.facts import Fact, assumed
from ..kernel.rules import NOT_CONSTANT
from ..language.terms import MEANING, NOTHING, E, V_at, a, delta, depends, gap_at, grad, in_a, new, spelt_out, t
from ..proof import Proof
from .algebra import Claim
from .facts import ALWAYS, Stated, Writer
from .record import CITED, sign_of, types
from .terms import PLAIN as PLAIN_VIEW
from .terms import At, Field, Printer, environment, identifier

#: f(x - grad f/L) - f(x*).
LOWER = declared.f.value(-grad / L)
#: The assumptions on f and the sampling, in Coq.
SMOOTH = ("smooth", "forall u d, f (add u d) <= f u + dot (grad u) d + L / 2 * dot d d")
LIPSCHITZ = ("lipschitz", "forall v u d, norm (sub (g v (add u d)) (g v u)) <= l v * norm d")
UNBIASED = ("unbiased", "forall x u, mean P (fun v => dot u (g v x)) = dot u (grad x)")
BOUNDED = ("bounded", "forall v, l v <= Lambda")
POLYAK = ("PL", "forall x, 2 * mu * (f x - fstar) <= norm (grad x) ^ 2")
RESIDUAL = (
    "ER", "forall x, mean P (fun v => norm (g v x) ^ 2) <= 2 * A * (f x - fstar) + B * norm (grad x) ^ 2 + {C}",
)  # fmt: skip
CONSTANT = ("not_constant", "exists x, 0 < f x - fstar")
WHOLE = ("full_batch", "forall v x, g v x = grad x")
WHOLE_L = ("full_batch_L", "forall v, l v = L")
STEP = "step g gamma rho lam"
#: The fields of the setting are replaced by what they are.
SEE = "cbn -[pow norm dot step change move]"
#: The hypotheses of the language that these assumptions and the method give: the assumption, and the proof in Coq.
GIVEN: Mapping[Fact, tuple[tuple[str, str] | None, str]] = {
    declared.smooth(declared.f, declared.here, declared.x_plus): (
        SMOOTH, f"intros y w; {SEE}; pose proof (descent_step f grad g gamma rho lam L smooth w y); lra",
    ),
    declared.smooth(declared.f, declared.here, -grad / L): (
        SMOOTH, (f"intros y; {SEE}; pose proof (descent_gradient f grad L smooth y (- / L)) as H; "
        f"replace (- / L + L / 2 * (- / L) ^ 2) with (- (1 / 2) * / L) in H by (field; lra); lra"),
    ),
    declared.unbiased(grad): (UNBIASED, f"intros y; {SEE}; rewrite norm_square; apply unbiased"),
    declared.bounded: (BOUNDED, "intros y w; apply bounded"),
    declared.lipschitz: (LIPSCHITZ, "intros y w; exact (lipschitz_change g rho lam l lipschitz w y)"),
    declared.near: (
        None,
        (f"intros y w; unfold a; {SEE}; pose proof (move_length g rho lam w y) as H; "
        "do 3 (specialize (H ltac:(assumption))); lra"),
    ),
    declared.PL: (POLYAK, f"intros y; pose proof (PL y); {SEE}; lra"),
    declared.ER: (RESIDUAL, f"intros y; pose proof (ER y); {SEE}; lra"),
    declared.start: (None, "exact (mean_start P x0 _ _)"),
    NOT_CONSTANT: (CONSTANT, "exact not_constant"),
    declared.whole: (
        WHOLE, (f"intros y; {SEE}; rewrite (mean_ext P _ (fun _ => norm (grad y) ^ 2)) by "
        "(intros w; now rewrite full_batch); apply mean_const"),
    ),
    declared.whole_L: (WHOLE_L, "intros y w; apply full_batch_L"),
}  # fmt: skip
BINDERS = (
    "(V : space) (Om : Type) (P : law Om) (f : V -> R) (fstar : R) (grad : V -> V) (g : Om -> V -> V) (l : Om -> R)"
    " (x0 : V) (n : nat)"
)
HEAD = "Require Import Reals Lra Lia List.\nFrom Samtheory Require Import {}.\nOpen Scope R_scope.\n\n"


@dataclass(frozen=True)
class Statement:
    """A theorem on the method: name, constants, premises, whether it is about a point, what it says, and its proof."""

    name: str
    constants: tuple[str, ...]
    premises: tuple[str, ...]
    at_a_point: bool
    says: str
    proof: str


def leaf(writer: Writer) -> Printer:
    """Expressions in f, its gradient, g_v and the parameters of the method."""
    setting = writer.setting

    def text(x: sp.Expr) -> str:
        if isinstance(x, AppliedUndef):
            if x.func == E:
                return f"(mean P (fun v => {printer.real(x.args[0])}))"
            if x.func == gap_at:
                time = printer.nat_of(x.args[0])
                return f"(mean (iterates g gamma rho lam P x0 {time}) (fun x => f x - fstar))"
            raise KeyError(x)
        if x == a:
            return "(1 - lam)"
        if x == delta0:
            return "(f x0 - fstar)"
        if x in (delta, new):
            return "(f x - fstar)" if x == delta else f"(f ({STEP} x v) - fstar)"
        if depends(x) == NOTHING:
            return setting.names.of[x]
        known = {"‖∇f‖": "(norm (grad x))", "‖g‖": "(norm (g v x))", "⟨∇f, g⟩": "(dot (grad x) (g v x))"}
        return known[x.name]

    printer = Printer(text, lambda symbol: "n" if symbol == t else setting.names.of[symbol], MEANING, PLAIN_VIEW)
    return printer


def statements(writer: Writer, proof: Proof) -> Iterator[Statement]:
    """The claims of a proof on means that hold from the method itself."""
    if proof.theorem.method != "unified-sam":
        return
    for number, claim in enumerate(proof.claims, 1):
        stated = writer.stated[claim]
        if claim.lhs.has(AppliedUndef) and all(each in GIVEN or constant(each) for each in stated.forms):
            try:
                yield statement(writer, proof, stated, f"from_the_method_{number}")
            except KeyError:
                continue


def constant(fact: Fact) -> bool:
    """Whether a hypothesis is a condition on the constants, the steps and the time."""
    kind = assumed(fact)
    return kind is not None and kind.times is None and not kind.everywhere and depends(spelt_out(fact.gap)) == NOTHING


def conclusion(proof: Proof, claim: Fact) -> tuple[sp.Expr, sp.Expr]:
    """Both sides of a claim; a bound of a theorem with constant steps in the formulas of the catalogue."""
    theorem = proof.theorem
    if isinstance(theorem, ConstantSteps) and claim in proof.bounds:
        q, noise = in_a(theorem.contraction), in_a(theorem.noise)
        start = {gap_at(t): delta0, V_at(t): declared.R2}[claim.lhs]
        return claim.lhs, q**t * start + noise / (1 - q) * (1 - q**t)
    return claim.lhs, claim.rhs


def statement(writer: Writer, proof: Proof, stated: Stated, name: str) -> Statement:
    """A claim from the method."""
    setting, printer = writer.setting, leaf(writer)
    claim = stated.fact
    left, right = conclusion(proof, claim)
    conditions = [each for each in writer.ordered(stated.forms) if each not in GIVEN]
    sides = [left, right, claim.rhs, *(side for each in stated.forms for side in (each.lhs, each.rhs))]
    symbols = set().union(*(spelt_out(side).free_symbols for side in sides)) | {gamma, rho, lam}
    if a in symbols:
        symbols |= {lam}
    known = {x for x in symbols if x in setting.names.of and depends(x) == NOTHING and x not in (a, delta0, t)}
    names = {setting.names.of[x]: x.name for x in sorted(known, key=lambda x: setting.names.of[x])}
    signs = [f"0 {sign_of(x)} {setting.names.of[x]}" for x in sorted(known, key=str) if sign_of(x)]
    premises = {f"sign_{i}": says for i, says in enumerate([*signs, "lam <= 1"])}
    premises |= {"below": "forall x, fstar <= f x", "l_nonneg": "forall v, 0 <= l v"}
    for each in writer.ordered(stated.forms):
        needed = GIVEN[each][0] if each in GIVEN else None
        if needed is not None:
            premises[needed[0]] = needed[1].replace("{C}", setting.names.of[sp.Symbol("C", nonnegative=True)])
    for i, each in enumerate(conditions):
        premises[f"condition_{i}"] = f"{printer.real(each.lhs)} {each.relation} {printer.real(each.rhs)}"
    premises |= {name: explicit(CITED[name][1]) for name in stated.cited}
    goal = f"{printer.real(left)} {claim.relation} {printer.real(right)}"
    point = "(x : V) " * (stated.level > NOTHING)
    binders = f"{BINDERS} {point}({' '.join(names)} : R)"
    given = "\n".join(f"  ({label} : {says})" for label, says in premises.items())
    says = f"{binders}\n{given} :\n  {goal}"
    proof_text = proof_of(writer, stated, known, left, right)
    return Statement(
        f"{name}_{identifier(claim.name)}", tuple(names.values()), tuple(premises), bool(point), says, proof_text
    )


def explicit(cited: str) -> str:
    """What is cited, of f."""
    return cited.replace("delta s x", "(f x - fstar)").replace("mu s", "mu").replace("grad s x", "grad x")


def proof_of(writer: Writer, stated: Stated, known: set[sp.Symbol], left: sp.Expr, right: sp.Expr) -> str:
    """The claim at the setting of the method, whose hypotheses the assumptions give."""
    setting, claim = writer.setting, stated.fact
    fields = {setting.names.of[each.key]: each for each in setting.fields.values()}
    fields.setdefault("t", Field(t, "nat", ""))
    values = ["x0", "P", f"(fun _ => {STEP})", *(value(writer, name, each, known) for name, each in fields.items())]
    lines = [f"pose (s := Setting V Om {' '.join(values)})."]
    signs = types(fields)
    lines += [f"assert (ty : typed s) by (constructor; {SEE}; intros; {SIGNS})."] if signs else []
    terms = []
    for i, each in enumerate(writer.ordered(stated.forms)):
        label = writer.hypothesis(each)
        if each not in GIVEN:
            terms.append(f"condition_{conditions_before(writer, stated, each)}")
            continue
        names = [setting.names.of[name] for name in (each.lhs - each.rhs).free_symbols & MEANING.keys()]
        spelt = f"unfold {', '.join([label, *sorted(names)])}; " if names else f"unfold {label}; "
        lines.append(f"assert (G{i} : forall k, {label} (set_t k s)) by (intros k; {spelt}{GIVEN[each][1]}).")
        terms.append(f"G{i}" if stated.forms[each] == ALWAYS else f"(G{i} n)")
    call = " ".join([stated.name, "s", "ty", *terms, *stated.cited, *(["x"] if stated.level > NOTHING else [])])
    if (left, right) == (claim.lhs, claim.rhs):
        lines.append(f"exact ({call}).")
    else:
        name = writer.names.of["closed", claim]
        lines.append(f"exact ({name} s ty {' '.join(terms)} {' '.join(stated.cited)}).")
    return "\n".join(lines)


def conditions_before(writer: Writer, stated: Stated, fact: Fact) -> int:
    """The number of a condition among the conditions."""
    return [each for each in writer.ordered(stated.forms) if each not in GIVEN].index(fact)


SIGNS = (
    "first [ assumption | lra | lia | apply pow2_ge_0 | apply l_nonneg | apply Rle_refl "
    "| match goal with |- 0 <= f ?y - fstar => pose proof (below y); lra end ]"
)


def value(writer: Writer, name: str, each: Field, known: set[sp.Symbol]) -> str:
    """What a field is for the method; what no claim here is about has any value of its type."""
    key = each.key
    if key in known:
        return name
    words = key[1] if isinstance(key, tuple) else getattr(key, "name", "")
    found = {
        "∇f": "grad", "g": "(fun _ x v => g v x)", "e": "(fun _ x v => change g rho lam v x)",
        "y-x": "(fun _ x v => move g rho lam v x)", "δ": "(fun x => f x - fstar)", "L_v": "(fun _ _ v => l v)",
        "delta0": "(f x0 - fstar)", "t": "n", "‖x⁺-x*‖²": f"(fun _ x v => norm ({STEP} x v) ^ 2)",
        LOWER.name: "(fun _ x => f (add x (scale (- / L) (grad x))) - fstar)" if L in known else "(fun _ _ => 1)",
    }  # fmt: skip
    if words in found:
        return found[words]
    return {
        "R": "1", "nat": "1%nat", "nat -> R": "(fun _ => 0)" if name == "lam_at" else "(fun _ => 1)",
        "S -> S": "(fun x => x)", "nat -> S -> S": "(fun _ x => x)", "nat -> S -> Om -> S": "(fun _ x _ => x)",
        "nat -> S -> R": "(fun _ _ => 1)", "nat -> S -> Om -> R": "(fun _ _ _ => 1)",
    }[each.type]  # fmt: skip


def closed(writer: Writer, proof: Proof) -> None:
    """The bound in the formulas of the catalogue, where the proof writes it in its own."""
    for claim in proof.claims:
        left, right = conclusion(proof, claim)
        if (left, right) == (claim.lhs, claim.rhs):
            continue
        stated = writer.stated[claim]
        from .lemmas import HERE

        lemma = writer.algebra(
            f"{stated.name}_closed", Claim(left, "<=", right), [(sp.Integer(1), Claim(claim.lhs, "<=", claim.rhs))]
        )
        printer = environment(writer.setting, At())
        says = f"{printer.real(left)} <= {printer.real(right)}"
        call = writer.call(claim, stated.forms, HERE)
        name = writer.names(("closed", claim), f"{stated.name}_closed")
        writer.text.append(
            f"Theorem {writer.header(stated, name, says)}.\nProof. exact {writer.applied(lemma, HERE, [call])}. Qed.\n"
        )
