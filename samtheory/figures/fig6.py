"""Unified SAM on a small neural network, where no theorem applies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.io.kept_numbers import Tolerance
from samtheory.methods.unified_sam import step
from samtheory.schedules import Rule, Schedule, rule_text

from . import style
from .base import Numbers
from .network import Batch, Network, digits
from .numbers import Table

RULES: tuple[float | str, ...] = (0.0, 0.5, 1.0, "1/t", "1-1/t")
RHOS = (0.05, 0.1, 0.2, 0.5)
SEEDS, GAMMA, BATCH, EPOCHS, HIDDEN, ROUNDS = 5, 0.5, 64, 60, 32, 20
SGD = "SGD"
#: The rho of the training curves; rules that end like another are drawn dashed over it.
SHOWN, STYLE = 0.2, {SGD: (0, (1, 1)), "1/t": style.DASHED, "1-1/t": style.DASHED}
#: A network that is trained in another order of additions is another network: what holds is the mean over seeds.
LOOSE = Tolerance(relative=0.05, absolute=0.01, errors=6)
#: Takes longer than most.
LONG = True


@dataclass(frozen=True)
class Setting:
    """A way to train: the rule of lam (`SGD` for rho = 0) and rho."""

    rule: float | str
    rho: float

    @property
    def label(self) -> str:
        """The rule in words."""
        return self.rule if isinstance(self.rule, str) else rule_text(self.rule)

    @property
    def schedule(self) -> Schedule:
        """gamma, rho and lam over time."""
        lam: Rule = 0.0 if self.rule == SGD else self.rule
        return Schedule(GAMMA, self.rho, lam)


SETTINGS = (Setting(SGD, 0.0), *(Setting(rule, rho) for rule in RULES for rho in RHOS))
QUICK_SETTINGS = tuple(each for each in SETTINGS if each.rule in (SGD, 0.0, 1.0) and each.rho in (0.0, SHOWN))


def numbers(quick: bool) -> Numbers:
    """Every setting with the same starts and batches."""
    settings = QUICK_SETTINGS if quick else SETTINGS
    trained = [train(seed, settings) for seed in range(SEEDS)]
    loss, accuracy, sharp = (np.array([each[k] for each in trained]) for k in range(3))
    tables = {"training": training(settings, loss, accuracy), "end": end(settings, accuracy[:, -1], sharp)}
    caption = (
        f"Unified SAM on a neural network: 64 – {HIDDEN} – 10, tanh, cross-entropy, on the digit images that "
        f"scikit-learn ships (448 to train on, 1349 to test), batches of {BATCH}, γ = {GAMMA:g}, {EPOCHS} epochs, "
        f"seeds 0 to {SEEDS - 1}; mean ± standard error over the seeds, which split the images and draw weights and "
        "batches alike for every setting. Left: test accuracy in the end, SGD dotted; middle: the training loss for "
        f"ρ = {SHOWN:g}; right: sharpness, the largest eigenvalue of the Hessian of the training loss by {ROUNDS} "
        "rounds of power iteration. No theorem applies: the function is not PL with a known μ, no smoothness "
        "constant is known, and the steps are chosen by hand."
    )
    how = {"hidden": HIDDEN, "batch": BATCH, "gamma": GAMMA, "epochs": EPOCHS, "seeds": SEEDS, "rhos": list(RHOS),
           "lams": [rule_text(rule) for rule in RULES], "data": "scikit-learn digits"}  # fmt: skip
    return Numbers("A neural network, no theorem", caption, how, tables, listed=("end",))


def train(seed: int, settings: Sequence[Setting]) -> tuple[Array, Array, Array]:
    """Training loss and test accuracy after each epoch, (epochs + 1, settings), and sharpness in the end."""
    rng = np.random.default_rng(seed)
    known, unseen = digits(rng)
    network, n = Network(64, HIDDEN, 10), known.inputs.shape[1]
    x = np.tile(network.start(rng), (len(settings), 1))
    each_epoch = n // BATCH
    schedules = [setting.schedule.arrays(0, EPOCHS * each_epoch) for setting in settings]
    gamma, rho, lam = np.array(schedules).transpose(1, 2, 0)[..., None]
    loss, accuracy = [network.loss(x, known)], [network.accuracy(x, unseen)]
    for epoch in range(EPOCHS):
        order = rng.permutation(n)
        for k in range(each_epoch):
            chosen = order[k * BATCH : (k + 1) * BATCH]
            t = epoch * each_epoch + k
            batch = Batch(known.inputs[:, chosen], known.labels[:, chosen])
            x = step(x, batch, network.gradient, gamma[t], rho[t], lam[t])
        loss.append(network.loss(x, known))
        accuracy.append(network.accuracy(x, unseen))
    return np.array(loss), np.array(accuracy), network.sharpness(x, known, ROUNDS, rng)


def training(settings: Sequence[Setting], loss: Array, accuracy: Array) -> Table:
    """Mean over seeds by setting and epoch; both have shape (seeds, epochs + 1, settings)."""
    rows = [(s.label, s.rho, epoch) for s in settings for epoch in range(loss.shape[1])]
    rule, rho, epoch = map(list, zip(*rows, strict=True))
    columns = {
        "lam": rule, "rho": rho, "epoch": epoch,
        "loss": loss.mean(axis=0).T.ravel(), "se": error(loss).T.ravel(), "accuracy": accuracy.mean(axis=0).T.ravel(),
    }  # fmt: skip
    return Table(("lam", "rho", "epoch"), columns, {"loss": LOOSE, "accuracy": Tolerance(absolute=0.03)})


def end(settings: Sequence[Setting], accuracy: Array, sharp: Array) -> Table:
    """Test accuracy and sharpness in the end by setting; both have shape (seeds, settings)."""
    columns = {
        "lam": [s.label for s in settings], "rho": [s.rho for s in settings],
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
    known = found.tables["end"].rows()
    loss = found.tables["training"].rows()
    epochs = sorted({key[2] for key in loss})
    for order, rule in enumerate(dict.fromkeys(key[0] for key in known)):
        colour, mark = style.LAMS.get(rule, (style.GREY, ""))
        rho = 0.0 if rule == SGD else SHOWN
        middle.plot(epochs, [loss[rule, rho, epoch]["loss"] for epoch in epochs], color=colour,
                    marker=mark, markersize=3, markevery=(2 * order, 15),
                    linestyle=STYLE.get(rule, "-"), label=rule if rule == SGD else f"λ = {rule}")  # fmt: skip
        for axes, name in ((left, "accuracy"), (right, "sharpness")):
            rows = {rho: row for (which, rho), row in known.items() if which == rule}
            level, spread = (np.array([row[word] for row in rows.values()]) for word in (name, f"{name} error"))
            if rule == SGD:
                axes.axhspan(level[0] - spread[0], level[0] + spread[0], color=colour, alpha=0.2, linewidth=0)
                axes.axhline(level[0], color=colour, linestyle=STYLE[SGD], linewidth=1)
            else:
                shifted = np.array(list(rows)) * 1.05 ** (order - 3)  # so that no bar hides another
                line = {"color": colour, "marker": mark, "markersize": 3, "linewidth": 1, "capsize": 1.5}
                axes.errorbar(shifted, level, spread, linestyle=STYLE.get(rule, "-"), **line)
    for axes, title in ((left, "test accuracy"), (right, "sharpness")):
        axes.set(xscale="log", xlabel="ρ", title=title)
        axes.set_xticks(RHOS, [f"{rho:g}" for rho in RHOS])
        axes.minorticks_off()
    right.set_ylabel("largest eigenvalue of ∇²f")
    middle.set(yscale="log", xlabel="epoch", title=f"training loss, ρ = {SHOWN:g}")
    known_as = middle.get_legend_handles_labels()
    figure.legend(*known_as, loc="outside lower center", ncols=6, columnspacing=1.2, handlelength=1.6)
    return figure
