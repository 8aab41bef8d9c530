"""Right optimisers in NumPy, written as users write them, in several layouts."""

from __future__ import annotations

import numpy as np


def flat(blocks):
    return np.concatenate([np.ravel(block) for block in blocks])


class Flat:
    """SAM on one long vector; the arrays of the blocks are views of it."""

    supports = frozenset({"momentum", "weight_decay", "save", "set_gamma", "set_rho"})

    def build(self, blocks, *, gamma, rho, momentum=0.0, weight_decay=0.0):
        self.x = flat(blocks)
        self.shapes = [block.shape for block in blocks]
        self.gamma, self.rho, self.momentum, self.wd = gamma, rho, momentum, weight_decay
        self.m = None

    def split(self, x):
        ends = np.cumsum([int(np.prod(shape)) for shape in self.shapes])[:-1]
        return [part.reshape(shape) for part, shape in zip(np.split(x, ends), self.shapes, strict=True)]

    def grad(self, oracle, x):
        return flat(oracle(self.split(x))[1])

    def ascent(self, g):
        length = np.linalg.norm(g)
        return self.rho * g / length if length else 0 * g

    def descend(self, h):
        h = h + self.wd * self.x
        self.m = h if self.m is None else self.momentum * self.m + h
        self.x = self.x - self.gamma * self.m

    def step(self, oracle):
        g = self.grad(oracle, self.x)
        self.descend(self.grad(oracle, self.x + self.ascent(g)))

    def params(self):
        return self.split(self.x)

    def save(self):
        return {"m": self.m, "gamma": self.gamma, "rho": self.rho}

    def load(self, state):
        vars(self).update(state)

    def set(self, gamma=None, rho=None):
        self.gamma = self.gamma if gamma is None else gamma
        self.rho = self.rho if rho is None else rho


class InPlace(Flat):
    """The parameters are moved, and restored by subtraction, in place."""

    def step(self, oracle):
        e = self.ascent(self.grad(oracle, self.x))
        self.x += e
        h = self.grad(oracle, self.x)
        self.x -= e
        self.descend(h)


class Fortran(Flat):
    """Column-major blocks."""

    def split(self, x):
        return [np.asfortranarray(block) for block in super().split(x)]


class LongDouble(Flat):
    """The norm in extended precision, and a constant of 1e-12 in it."""

    def ascent(self, g):
        return self.rho * g / float(np.sqrt(np.sum(g.astype(np.longdouble) ** 2)) + 1e-12)


class Weighted(Flat):
    """The mean of two halves of the batch, calculated one after the other."""

    def grad(self, oracle, x):
        g = super().grad(oracle, x)
        return 0.5 * g + 0.5 * g


class ZeroGuard(Flat):
    """Divides by max(norm, tiny)."""

    def ascent(self, g):
        return self.rho * g / max(np.linalg.norm(g), np.finfo(float).tiny)


RIGHT = (Flat, InPlace, Fortran, LongDouble, Weighted, ZeroGuard)
