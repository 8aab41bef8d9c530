"""Unified SAM on a small neural network, where no theorem applies."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..cell import lam_text
from ..constants import Array
from ..methods.unified_sam import step
from ..neural import Batch, Network, digits
from ..schedules import Rule, Schedule
from . import style
from .base import Numbers
from .numbers import Table, Tolerance

RULES: tuple[float | str, ...] = (0.0, 0.5, 1.0, "1/t", "1-1/t")
RHOS = (0.05, 0.1, 0.2, 0.5)
SEEDS, GAMMA, BATCH, EPOCHS, HIDDEN, ROUNDS = 5, 0.5, 64, 60, 32, 20
#: Few enough epochs for a check; the full numbers have the training curves at these epochs too.
QUICK_EPOCHS, QUICK_SEEDS = 3, 5
SGD = "SGD"
#: A network that is trained in another order of additions is another network: what holds is the mean over seeds.
LOOSE = Tolerance(relative=0.05, absolute=0.01, errors=6)


@dataclass(frozen=True)
class Setting:
    """A way to train: the rule of lam (`SGD` for rho = 0) and rho."""

    rule: float | str
    rho: float

    @property
    def label(self) -> str:
        """The rule in words."""
        return self.rule if isinstance(self.rule, str) else lam_text(self.rule)

    @property
    def schedule(self) -> Schedule:
        """gamma, rho and lam over time."""
        lam: Rule = 0.0 if self.rule == SGD else self.rule
        return Schedule(GAMMA, self.rho, lam)


SETTINGS = (Setting(SGD, 0.0), *(Setting(rule, rho) for rule in RULES for rho in RHOS))


def numbers(quick: bool) -> Numbers:
    """Every setting with the same starts and batches."""
    epochs = QUICK_EPOCHS if quick else EPOCHS
    trained = [train(seed, epochs) for seed in range(QUICK_SEEDS if quick else SEEDS)]
    loss, accuracy, sharp = (np.array([each[k] for each in trained]) for k in range(3))
    tables = {"training": training(loss, accuracy)}
    if not quick:
        tables["end"] = end(accuracy[:, -1], sharp)
    caption = (
        f"Unified SAM on a neural network: 64 – {HIDDEN} – 10, tanh, cross-entropy, on the digit images that scikit-learn ships "
        f"(1437 to train on, 360 to test), batches of {BATCH}, γ = {GAMMA:g}, {epochs} epochs, seeds 0 to {SEEDS - 1}; mean ± "
        "standard error over the seeds, which split the images and draw weights and batches alike for every setting. Left: test "
        "accuracy in the end; middle: the training loss for ρ = 0.1; right: sharpness, the largest eigenvalue of the Hessian "
        f"of the training loss by {ROUNDS} rounds of power iteration. No theorem applies: the function is not PL with a known "
        "μ, no smoothness constant is known, and the steps are chosen by hand."
    )
    how = {"hidden": HIDDEN, "batch": BATCH, "gamma": GAMMA, "epochs": epochs, "seeds": SEEDS, "rhos": list(RHOS),
           "lams": [lam_text(rule) for rule in RULES], "data": "scikit-learn digits"}  # fmt: skip
    return Numbers("A neural network, no theorem", caption, how, tables)


def train(seed: int, epochs: int) -> tuple[Array, Array, Array]:
    """Training loss and test accuracy of each setting after each epoch, (epochs + 1, settings), and sharpness at the end."""
    rng = np.random.default_rng(seed)
    known, unseen = digits(rng)
    network, n = Network(64, HIDDEN, 10), known.inputs.shape[1]
    x = np.tile(network.start(rng), (len(SETTINGS), 1))
    each_epoch = n // BATCH
    gamma, rho, lam = (
        np.array(values)[..., None] for values in zip(*(s.schedule.arrays(0, epochs * each_epoch) for s in SETTINGS), strict=True)
    )
    loss, accuracy = [network.loss(x, known)], [network.accuracy(x, unseen)]
    for epoch in range(epochs):
        order = rng.permutation(n)
        for k in range(each_epoch):
            chosen = order[k * BATCH : (k + 1) * BATCH]
            t = epoch * each_epoch + k
            batch = Batch(known.inputs[:, chosen], known.labels[:, chosen])
            x = step(x, batch, network.gradient, gamma[:, t], rho[:, t], lam[:, t])  # type: ignore[arg-type]
        loss.append(network.loss(x, known))
        accuracy.append(network.accuracy(x, unseen))
    rounds = ROUNDS if epochs == EPOCHS else 1
    return np.array(loss), np.array(accuracy), network.sharpness(x, known, rounds, rng)


def training(loss: Array, accuracy: Array) -> Table:
    """Mean over seeds by setting and epoch; both have shape (seeds, epochs + 1, settings)."""
    places = [(s.label, s.rho, epoch) for s in SETTINGS for epoch in range(loss.shape[1])]
    rule, rho, epoch = map(list, zip(*places, strict=True))
    columns = {"lam": rule, "rho": rho, "epoch": epoch, "loss": loss.mean(axis=0).T.ravel(), "se": error(loss).T.ravel(),
               "accuracy": accuracy.mean(axis=0).T.ravel()}  # fmt: skip
    return Table(("lam", "rho", "epoch"), columns, {"loss": LOOSE, "accuracy": Tolerance(absolute=0.03)})


def end(accuracy: Array, sharp: Array) -> Table:
    """Test accuracy and sharpness in the end by setting; both have shape (seeds, settings)."""
    columns = {
        "lam": [s.label for s in SETTINGS], "rho": [s.rho for s in SETTINGS],
        "accuracy": accuracy.mean(axis=0), "accuracy error": error(accuracy),
        "sharpness": sharp.mean(axis=0), "sharpness error": error(sharp),
    }  # fmt: skip
    return Table(("lam", "rho"), columns, {"accuracy": Tolerance(absolute=0.01), "sharpness": Tolerance(relative=0.25)})


def error(values: Array) -> Array:
    """The standard error of the mean over the first axis."""
    return np.asarray(values.std(axis=0, ddof=1) / math.sqrt(len(values)))


def draw(found: Numbers) -> Any:
    """Accuracy and sharpness against rho, and the training loss between them."""
    figure, ((left, middle, right),) = style.new(1, 3, 2.6)
    known = found.tables["end" if "end" in found.tables else "training"].rows()
    loss = found.tables["training"].rows()
    epochs = sorted({key[2] for key in loss})
    for rule in (SGD, *map(lam_text, RULES)):
        colour, mark = style.LAMS.get(rule, (style.GREY, ""))
        rho = 0.0 if rule == SGD else SHOWN
        middle.plot(epochs, [loss[rule, rho, epoch]["loss"] for epoch in epochs], color=colour,
                    linestyle=STYLE.get(rule, "-"), label=rule if rule == SGD else f"λ = {rule}")  # fmt: skip
        for axes, name in ((left, "accuracy"), (right, "sharpness")) if "end" in found.tables else ():
            rows = [known[rule, each] for each in ((0.0,) if rule == SGD else RHOS)]
            level, spread = (np.array([row[word] for row in rows]) for word in (name, f"{name} error"))
            if rule == SGD:
                axes.axhspan(level[0] - spread[0], level[0] + spread[0], color=colour, alpha=0.2, linewidth=0)
                axes.axhline(level[0], color=colour, linestyle=STYLE[SGD], linewidth=1)
            else:
                axes.errorbar(RHOS, level, spread, color=colour, marker=mark, markersize=3, linestyle=STYLE.get(rule, "-"),
                              linewidth=1, capsize=1.5)  # fmt: skip
    for axes, title in ((left, "test accuracy"), (right, "sharpness")):
        axes.set(xscale="log", xlabel="ρ", title=title)
        axes.set_xticks(RHOS, [f"{rho:g}" for rho in RHOS])
        axes.minorticks_off()
    middle.set(yscale="log", xlabel="epoch", title=f"training loss, ρ = {SHOWN:g}")
    figure.legend(*middle.get_legend_handles_labels(), loc="outside lower center", ncols=6)
    return figure
