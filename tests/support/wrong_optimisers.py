"""Wrong optimisers in NumPy, written as users write them, with the diagnosis that each must get."""

from __future__ import annotations

import numpy as np
from right_optimisers import Flat, InPlace, flat


class PerTensor(Flat):
    def ascent(self, g):
        return flat([self.rho * b / (np.linalg.norm(b) + 1e-12) for b in self.split(g)])


class OneEvaluation(Flat):
    """One gradient a step: the ascent uses that of the step before."""

    last = 0.0

    def step(self, oracle):
        self.last = self.grad(oracle, self.x + self.ascent(np.zeros_like(self.x) + self.last))
        self.descend(self.last)


class StaleTwoEvaluations(Flat):
    last = None

    def step(self, oracle):
        self.grad(oracle, self.x)
        e = 0 * self.x if self.last is None else self.ascent(self.last)
        self.last = self.grad(oracle, self.x + e)
        self.descend(self.last)


class LeftInPlace(InPlace):
    def step(self, oracle):
        self.x += self.ascent(self.grad(oracle, self.x))
        self.descend(self.grad(oracle, self.x))


class NoGuard(Flat):
    def ascent(self, g):
        return self.rho * g / np.linalg.norm(g)


class ScaledByGamma(Flat):
    def ascent(self, g):
        return self.gamma * super().ascent(g)


class BigEpsilon(Flat):
    def ascent(self, g):
        return self.rho * g / (np.linalg.norm(g) + 1e-3)


class SmallEpsilon(Flat):
    def ascent(self, g):
        return self.rho * g / (np.linalg.norm(g) + 1e-7)


class DecayInAscent(Flat):
    def ascent(self, g):
        return super().ascent(g + self.wd * self.x)


class DecayInLoss(Flat):
    def ascent(self, g):
        return super().ascent(g + self.wd * self.x)

    def step(self, oracle):
        e = self.ascent(self.grad(oracle, self.x))
        self.descend(self.grad(oracle, self.x + e) + self.wd * e)


class ClipBefore(Flat):
    def ascent(self, g):
        return super().ascent(np.clip(g, -1, 1))


class ClipAfter(Flat):
    limit = 1.0

    def descend(self, h):
        super().descend(h * min(1, self.limit / np.linalg.norm(h)))


class ClipAsPyTorch(Flat):
    def grad(self, oracle, x):
        g = super().grad(oracle, x)
        return g * min(1, 1.0 / (np.linalg.norm(g) + 1e-6))


class ClipAfterFarOut(ClipAfter):
    limit = 100.0


class ClipBothByValue(ClipBefore):
    def descend(self, h):
        super().descend(np.clip(h, -1, 1))


class SecondBatch(Flat):
    def step(self, oracle):
        g = self.grad(oracle, self.x)
        y = self.split(self.x + self.ascent(g))
        self.descend(flat(oracle(y, draw=(oracle.draw + 2) % 5)[1]))


class OldBatch(Flat):
    """The second pass is on the batch of the step before."""

    old = None

    def step(self, oracle):
        g = self.grad(oracle, self.x)
        self.descend(self.grad(self.old or oracle, self.x + self.ascent(g)))
        self.old = oracle


class ClosureOnce(Flat):
    def step(self, oracle):
        self.descend(self.grad(oracle, self.x))


class ClosureThrice(Flat):
    def step(self, oracle):
        oracle(self.params())
        super().step(oracle)


class Single(Flat):
    def build(self, blocks, **settings):
        super().build([block.astype(np.float32) for block in blocks], **settings)

    def grad(self, oracle, x):
        return super().grad(oracle, x).astype(np.float32)


class SingleInside(Flat):
    """float32 behind float64 doors."""

    def descend(self, h):
        super().descend(h)
        self.x = self.x.astype(np.float32).astype(np.float64)


class SingleNorm(Flat):
    def ascent(self, g):
        return self.rho * g / float(np.sqrt(np.sum(np.square(g.astype(np.float32)))))


class ChangesStart(Flat):
    def build(self, blocks, **settings):
        super().build(blocks, **settings)
        self.blocks = blocks

    def descend(self, h):
        super().descend(h)
        for block, new in zip(self.blocks, self.split(self.x), strict=True):
            block[...] = new

    def params(self):
        return self.blocks


class ChangesGradients(Flat):
    def grad(self, oracle, x):
        blocks = oracle(self.split(x))[1]
        g = flat(blocks)
        for block in blocks:
            np.divide(block, np.linalg.norm(g), out=block)
        return g


class SharedMomentum(Flat):
    """A buffer of the class."""

    buffers: dict = {}  # noqa: RUF012

    def descend(self, h):
        self.m = self.buffers.get("m")
        super().descend(h)
        self.buffers["m"] = self.m


_SETTINGS = {}


class SharedSettings(Flat):
    """Settings in a global of the module: the last optimiser built wins."""

    def build(self, blocks, **settings):
        super().build(blocks, **settings)
        _SETTINGS.update(gamma=self.gamma, rho=self.rho)

    def step(self, oracle):
        vars(self).update(_SETTINGS)
        super().step(oracle)

    def set(self, **changed):
        super().set(**changed)
        _SETTINGS.update(gamma=self.gamma, rho=self.rho)

    def load(self, state):
        super().load(state)
        _SETTINGS.update(gamma=self.gamma, rho=self.rho)


class ForgetsMomentum(Flat):
    def load(self, state):
        super().load({**state, "m": None})


class PerTensorForgetsMomentum(PerTensor, ForgetsMomentum):
    pass


class StaleSingleNorm(StaleTwoEvaluations, SingleNorm):
    pass


class SkipsZeroLoss(Flat):
    def step(self, oracle):
        if oracle(self.params())[0]:
            super().step(oracle)


class Dampened(Flat):
    def descend(self, h):
        h = h + self.wd * self.x
        self.m = h if self.m is None else self.momentum * self.m + (1 - self.momentum) * h
        self.x = self.x - self.gamma * self.m


class Decoupled(Flat):
    def descend(self, h):
        x, wd, self.wd = self.x, self.wd, 0.0
        super().descend(h)
        self.wd, self.x = wd, self.x - self.gamma * wd * x


class EveryThird(Flat):
    """LookSAM: the perturbation in every third step alone."""

    t = 0

    def ascent(self, g):
        self.t += 1
        return super().ascent(g) * (self.t % 3 == 1)


class PerTensorAccumulated(PerTensor):
    """Two mistakes of one step."""

    def step(self, oracle):
        g = self.grad(oracle, self.x)
        self.descend(g + self.grad(oracle, self.x + self.ascent(g)))


class RootMeanSquare(Flat):
    def ascent(self, g):
        return self.rho * g / np.sqrt(np.mean(g * g)) if g.any() else g


class HalfRadius(Flat):
    def ascent(self, g):
        return super().ascent(g) / 2


class SignDescent(Flat):
    """A method that is not SAM under any name; its buffer is lost in a checkpoint."""

    def descend(self, h):
        self.m = np.zeros_like(h) if self.m is None else self.m
        self.m = 0.9 * self.m + 0.1 * h
        self.x = self.x - self.gamma * np.sign(self.m)

    def load(self, state):
        super().load({**state, "m": None})


class AfterWarmUp(Flat):
    """Another radius after fifteen steps."""

    t = 0

    def ascent(self, g):
        self.t += 1
        return super().ascent(g) * (1.0 if self.t <= 15 else 0.5)


class AveragedLater(AfterWarmUp):
    """The ascent along the sum of all gradients after fifteen steps."""

    total = 0.0

    def ascent(self, g):
        self.total, self.t = self.total + g, self.t + 1
        return Flat.ascent(self, g if self.t <= 15 else self.total)


class EveryTwentieth(AfterWarmUp):
    """No perturbation in every twentieth step."""

    def ascent(self, g):
        self.t += 1
        return Flat.ascent(self, g) * (self.t % 20 != 0)


class MomentumReset(Flat):
    """A buffer that is emptied every fifteen steps."""

    t = 0

    def descend(self, h):
        self.t += 1
        self.m = None if self.t % 15 == 0 else self.m
        super().descend(h)


#: Those whose first twelve steps are right.
LATER = (AfterWarmUp, AveragedLater, EveryTwentieth, MomentumReset)

#: Wrong optimisers with the diagnoses that they must get, in order.
WRONG = {
    PerTensor: ["norm per parameter"],
    OneEvaluation: ["stale gradient"],
    StaleTwoEvaluations: ["stale gradient"],
    LeftInPlace: ["perturbation not undone"],
    NoGuard: ["0/0 at a zero gradient"],
    ScaledByGamma: ["rho scaled by gamma"],
    BigEpsilon: ["norm + eps, eps = 0.001"],
    SmallEpsilon: ["norm + eps, eps = 1e-07"],
    DecayInAscent: ["weight decay inside the ascent"],
    DecayInLoss: ["decay as part of the loss"],
    ClipBefore: ["ascent gradient clipped by value, 1"],
    ClipAfter: ["descent gradient clipped by norm, 1"],
    ClipAsPyTorch: ["descent gradient clipped by norm, 1"],
    ClipAfterFarOut: ["descent gradient clipped by norm, 100"],
    ClipBothByValue: ["ascent gradient clipped by value, 1 + descent gradient clipped by value, 1"],
    SecondBatch: ["a second draw in pass 2"],
    OldBatch: ["a second draw in pass 2"],
    ClosureOnce: ["no perturbation"],
    ClosureThrice: ["extra evaluation"],
    Single: ["everything in float32"],
    SingleInside: ["everything in float32"],
    SingleNorm: ["length in float32", "0/0 at a zero gradient"],
    ChangesStart: ["arrays of the caller changed in place"],
    ChangesGradients: ["gradients of the caller changed in place"],
    SharedMomentum: ["state shared across instances", "momentum lost"],  # a new process finds no buffer
    SharedSettings: ["state shared across instances"],
    ForgetsMomentum: ["momentum lost"],
    PerTensorForgetsMomentum: ["norm per parameter", "momentum lost"],
    StaleSingleNorm: ["stale gradient + length in float32"],
    SkipsZeroLoss: ["extra evaluation", "a loss of 0 skips the step"],
    Dampened: ["momentum dampened after the first step"],
    Decoupled: ["decoupled decay"],
    EveryThird: ["some steps plain: 2, 3, 5, 6, 8, 9, 11, 12"],
    PerTensorAccumulated: ["norm per parameter + gradients accumulated"],
    RootMeanSquare: ["root-mean-square norm"],
    HalfRadius: ["rho times a constant, 0.5"],
}
