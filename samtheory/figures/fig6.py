"""Unified SAM and its relatives on a small neural network, where no theorem applies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import t as student

from samtheory._typing import Array
from samtheory.io.kept_numbers import Tolerance
from samtheory.methods.asam import Asam
from samtheory.methods.functional_sam import FunctionalSam
from samtheory.methods.sam_on import SamOn
from samtheory.methods.unified_sam import step as unified
from samtheory.methods.vasso import Vasso
from samtheory.sampling.law import Draw
from samtheory.schedules import Rule, Schedule, rule_text

from . import style
from .base import Numbers
from .network import Examples, Network, digits
from .numbers import Table

RULES: tuple[float | str, ...] = (0.0, 0.5, 1.0, "1/t", "1-1/t")
RELATIVES = ("SAM-ON", "Functional-SAM", "ASAM", "VaSSO")
RHOS = (0.05, 0.1, 0.2, 0.5)
#: The radii of the methods whose perturbation is of few weights, or scaled by them.
LARGER = {"SAM-ON": (0.2, 0.5, 1.0, 2.0), "ASAM": (0.2, 0.5, 1.0, 2.0)}
#: With a larger gamma single runs end in a jump of the loss.
SEEDS, GAMMA, BATCH, EPOCHS, HIDDEN = 10, 0.2, 64, 60, 32
SGD = "SGD"
LEVEL = 0.95
#: Takes longer than most.
LONG = True


@dataclass(frozen=True)
class Setting:
    """A way to train: a method at rho; the rule of lam for Unified SAM, whose lam = 1 the relatives have."""

    method: str
    rho: float
    rule: float | str = 1.0

    @property
    def schedule(self) -> Schedule:
        """gamma, rho and lam over time."""
        lam: Rule = self.rule
        return Schedule(GAMMA, self.rho, lam)


UNIFIED = {f"λ = {rule_text(rule)}": rule for rule in RULES}
SETTINGS = (
    Setting(SGD, 0.0),
    *(Setting(name, rho, rule) for name, rule in UNIFIED.items() for rho in RHOS),
    *(Setting(name, rho) for name in RELATIVES for rho in LARGER.get(name, RHOS)),
)
#: The settings of a quick run, and its seeds.
QUICK_SETTINGS = tuple(
    each for each in SETTINGS if each.method in (SGD, "λ = 1", *RELATIVES) and each.rho in (0.0, 0.2)
)
QUICK_SEEDS = 2


def numbers(quick: bool) -> Numbers:
    """Every setting with the same images, starts and batches; means over seeds where all seeds are there."""
    settings, seeds = (QUICK_SETTINGS, QUICK_SEEDS) if quick else (SETTINGS, SEEDS)
    found = runs(settings, np.array([train(seed, settings) for seed in range(seeds)]))
    summary = end(found)
    others = len(settings) - 1
    gain, error = summary["accuracy - SGD, points"], summary["accuracy - SGD, points error"]
    flatter, better, worse = (
        int(each.sum()) for each in (summary["sharpness/SGD, to"] < 1, gain > error, gain < -error)
    )
    caption = (
        f"A network 64 – {HIDDEN} – 10 with layer normalisation, tanh and cross-entropy on the digit images that "
        f"scikit-learn ships (448 to train on, 1349 to test), batches of {BATCH}, γ = {GAMMA:g}, {EPOCHS} epochs. "
        f"Seeds 0 to {seeds - 1} split the images and draw start and batches, the same for every method. Left: "
        "sharpness in the end, the largest eigenvalue of the Hessian of the training loss (Lanczos; products with the "
        "Hessian by differences of exact gradients), over that of SGD with the same seed, geometric mean. Right: test "
        f"accuracy less that of SGD with the same seed, in percentage points, mean. Bars: {LEVEL:.0%} Student "
        f"intervals of the paired differences, each on its own. Of {others} settings {flatter} end flatter than SGD; "
        f"the interval of accuracy is above 0 for {better} and below 0 for {worse}; about "
        f"{others * (1 - LEVEL):.1g} would miss 0 by chance where nothing differs. Upper: Unified SAM; λ = 1/t ends "
        "like 0 and 1 − 1/t like 1, in the numbers. Lower: relatives at λ = 1. SAM-ON perturbs the normalisation alone "
        "and ASAM has T = |x| + 0.01 for all weights: their ρ do not compare with the others’; VaSSO has θ = 0.4. Not "
        "shown: other data, networks and γ, and a ρ that is chosen without the test images. The weights before the "
        "normalisation may be scaled without a change of the function, but the sharpness then changes. No theorem "
        "applies: the function is not PL with a known μ, and no smoothness constant is known."
    )
    how = {"hidden": HIDDEN, "batch": BATCH, "gamma": GAMMA, "epochs": EPOCHS, "seeds": seeds, "level": LEVEL,
           "data": "scikit-learn digits"}  # fmt: skip
    # Means over few seeds are others than the kept ones.
    tables, listed = ({"runs": found}, ()) if quick else ({"runs": found, "end": summary}, ("end",))
    return Numbers("Do methods that end flatter classify better, on a network?", caption, how, tables, listed)


def train(seed: int, settings: Sequence[Setting]) -> Array:
    """Training loss, test accuracy and sharpness in the end, shape (3, settings)."""
    rng = np.random.default_rng(seed)
    known, unseen = digits(rng)
    network = Network(known.inputs.shape[2], HIDDEN, 10)
    examples = Examples(network, known)
    n, start = examples.n, network.start(rng)
    orders = np.array([rng.permutation(n)[: n // BATCH * BATCH] for _ in range(EPOCHS)]).reshape(-1, 1, BATCH)
    draws = [Draw(indices, np.full(indices.shape, n / BATCH)) for indices in orders]
    steps = {"SAM-ON": SamOn(network.normalisation), "Functional-SAM": FunctionalSam(examples),
             "ASAM": Asam(cap=np.inf), "VaSSO": Vasso()}  # fmt: skip
    of = [steps.get(each.method, unified) for each in settings]
    x = np.tile(start, (len(settings), 1))
    for step in dict.fromkeys(of):
        mine = [k for k, each in enumerate(of) if each is step]
        x[mine] = path(step, x[mine], draws, examples, [settings[k] for k in mine])
    sharp = [network.sharpness(each, known, np.random.default_rng(seed)) for each in x]
    return np.array([network.loss(x, known), network.accuracy(x, unseen), sharp])


def path(step: Any, x: Array, draws: Sequence[Draw], examples: Examples, settings: Sequence[Setting]) -> Array:
    """Where the step leads from the rows of x, one for each setting, with the draws one after another."""
    schedules = [each.schedule.arrays(0, len(draws)) for each in settings]
    memory = (step.memory(x),) if hasattr(step, "memory") else ()
    for draw, gamma, rho, lam in zip(draws, *np.array(schedules).transpose(1, 2, 0)[..., None], strict=True):
        found = step(x, draw, examples.gradient, gamma, rho, lam, *memory)
        x, memory = (found[0], found[1:]) if memory else (found, ())
    return x


def runs(settings: Sequence[Setting], found: Array) -> Table:
    """Each run by its setting and seed; found has shape (seeds, 3, settings)."""
    keys = [(each.method, each.rho, seed) for each in settings for seed in range(len(found))]
    loss, accuracy, sharpness = found.transpose(1, 2, 0).reshape(3, -1)
    key = ("method", "rho", "seed")
    columns: dict[str, Any] = dict(zip(key, zip(*keys, strict=True), strict=True))
    columns |= {"loss": loss, "accuracy": accuracy, "sharpness": sharpness}
    # Another order of additions trains another network.
    allowed = {"accuracy": Tolerance(absolute=0.02), "sharpness": Tolerance(relative=0.25)}
    return Table(key, columns, allowed)


def end(found: Table) -> Table:
    """Means over the seeds, and the paired differences from SGD: of accuracy, and of log sharpness as a ratio."""
    keys = list(dict.fromkeys(zip(found.words("method"), found["rho"].tolist(), strict=True)))
    shape = (len(keys), -1)
    accuracy, sharpness = found["accuracy"].reshape(shape), found["sharpness"].reshape(shape)
    gain, gain_error = paired(100 * accuracy)
    ratio, ratio_error = paired(np.log(sharpness))
    columns = {
        "method": [method for method, _ in keys], "rho": [rho for _, rho in keys],
        "accuracy": accuracy.mean(axis=1), "accuracy - SGD, points": gain, "accuracy - SGD, points error": gain_error,
        "loss": found["loss"].reshape(shape).mean(axis=1), "sharpness": sharpness.mean(axis=1),
        "sharpness/SGD": np.exp(ratio),
        "sharpness/SGD, from": np.exp(ratio - ratio_error), "sharpness/SGD, to": np.exp(ratio + ratio_error),
    }  # fmt: skip
    allowed = {"accuracy": Tolerance(absolute=0.01), "sharpness/SGD": Tolerance(relative=0.2)}
    return Table(("method", "rho"), columns, allowed)


def paired(values: Array) -> tuple[Array, Array]:
    """Mean differences from the first row, and half the widths of their Student intervals at `LEVEL`.

    Parameters
    ----------
    values : (settings, seeds), the same seeds in each row
    """
    differences = values - values[0]
    count = values.shape[1]
    factor = student.ppf((1 + LEVEL) / 2, count - 1) / np.sqrt(count)
    return differences.mean(axis=1), np.asarray(factor * differences.std(axis=1, ddof=1))


#: Colours and marks.
LOOK = {
    "λ = 0": (style.BLUE, "o"), "λ = 0.5": (style.GREEN, "s"), "λ = 1": (style.RED, "^"),
    "SAM-ON": (style.ORANGE, "D"), "Functional-SAM": (style.GREY, "X"), "ASAM": (style.PURPLE, "v"),
    "VaSSO": (style.SKY, "P"),
}  # fmt: skip
PANELS = {"Unified SAM": ("λ = 0", "λ = 0.5", "λ = 1"), "relatives": RELATIVES}
TICKS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)


def draw(found: Numbers) -> Any:
    """Sharpness and accuracy against rho, Unified SAM above its relatives."""
    figure, grid = style.new(2, 2, 4.6, sharex=True, sharey="col")
    rows = end(found.tables["runs"]).rows()
    for (left, right), (family, methods) in zip(grid, PANELS.items(), strict=True):
        for order, method in enumerate(methods):
            mine = {rho: row for (which, rho), row in rows.items() if which == method}
            if not mine:  # of a quick run
                continue
            colour, mark = LOOK[method]
            shifted = np.array(list(mine)) * 1.06 ** (order - len(methods) / 2)  # so that no bar hides another
            line = {"color": colour, "marker": mark, "markersize": 4, "linewidth": 1, "capsize": 1.5}
            ratio, low, high = (column(mine, f"sharpness/SGD{end}") for end in ("", ", from", ", to"))
            gain, error = (column(mine, f"accuracy - SGD, points{end}") for end in ("", " error"))
            left.errorbar(shifted, ratio, (ratio - low, high - ratio), label=method, **line)
            right.errorbar(shifted, gain, error, **line)
        for axes, level, what in ((left, 1, "sharpness / SGD’s"), (right, 0, "accuracy gain, points")):
            axes.axhline(level, color=style.GREY, linestyle=(0, (1, 1)), linewidth=1)
            axes.set(xscale="log", title=f"{family}: {what}")
            axes.set_xticks(TICKS, [f"{rho:g}" for rho in TICKS])
            axes.minorticks_off()
        left.set_ylim(bottom=0)
    for axes in grid[-1]:
        axes.set_xlabel("ρ")
    entries = [axes.get_legend_handles_labels() for axes in grid[:, 0]]
    handles, labels = ([each for entry in entries for each in entry[k]] for k in (0, 1))
    figure.legend(handles, labels, loc="outside lower center", ncols=7, columnspacing=0.8, handlelength=1.2,
                  handletextpad=0.4)  # fmt: skip
    return figure


def column(rows: Mapping[float, Mapping[str, Any]], name: str) -> Array:
    """A column of rows."""
    return np.array([row[name] for row in rows.values()])
