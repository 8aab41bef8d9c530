"""User functions that do not answer: noise, memory, dropout, batches, exceptions, regions of NaN, other precisions.

The claims are right of the function that was meant.  `CASES` says what is wrong with the function, in the words of the
answer that it must get: "noise", "raises", "not finite", "shape", or "" where nothing is.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from samtheory import Problem, UserSum, claimed

n, d = 5, 2
rng = np.random.default_rng(0)
A = rng.standard_normal((n, d))
b = A @ rng.standard_normal(d) + rng.standard_normal(n)
H = A.T @ A / n
x_star = np.linalg.solve(H, A.T @ b / n)


def residuals(i: Any, X: np.ndarray) -> np.ndarray:
    return np.sum(A[i] * X, axis=-1) - b[i]


def value(i: Any, X: np.ndarray) -> np.ndarray:
    return residuals(i, X) ** 2 / 2


def gradient(i: Any, X: np.ndarray) -> np.ndarray:
    return residuals(i, X)[..., None] * A[i]


def card(
    value: Callable[..., Any] = value, gradient: Callable[..., Any] = gradient, batched: bool = True, slack: float = 0.0
) -> Problem:
    """Least squares of these functions; constants with a relative slack on the safe side."""
    up, low = 1 + slack, 1 - slack
    return Problem(
        objective=UserSum(value, gradient, n, d, batched=batched, reference=float(np.mean((A @ x_star - b) ** 2) / 2)),
        x0=np.full(d, 1.5),
        L_i=claimed(np.sum(A**2, axis=1) * up),
        L=claimed(np.linalg.eigvalsh(H)[-1] * up),
        mu=claimed(np.linalg.eigvalsh(H)[0] * low),
        f_inf=claimed(np.mean((A @ x_star - b) ** 2) / 2 * low),
        f_i_inf=claimed(np.zeros(n) - slack),
    )


# Answers that differ


def noisy(size: float, of: str = "gradient") -> Problem:
    """Relative noise, fresh in every call."""
    dice = np.random.default_rng(1)
    if of == "value":
        return card(value=lambda i, X: value(i, X) * (1 + size * dice.standard_normal(len(i))))
    return card(gradient=lambda i, X: gradient(i, X) * (1 + size * dice.standard_normal((len(i), 1))))


def rare(every: int) -> Problem:
    """One wrong answer in so many calls."""
    calls = itertools.count(1)
    return card(gradient=lambda i, X: gradient(i, X) * (1.5 if next(calls) % every == 0 else 1))


def dropout(rate: float) -> Problem:
    dice = np.random.default_rng(1)
    return card(gradient=lambda i, X: gradient(i, X) * (dice.random((len(i), d)) >= rate) / (1 - rate))


def changing(after: int) -> Problem:
    """A step of training hidden in the function: after so many calls it is another one."""
    calls = itertools.count()
    return card(gradient=lambda i, X: gradient(i, X) * (2 if next(calls) >= after else 1))


def drifting(rate: float) -> Problem:
    calls = itertools.count()

    def factor() -> float:
        return 1 + rate * next(calls)

    return card(lambda i, X: value(i, X) * factor(), lambda i, X: gradient(i, X) * factor())


def momentum(beta: float) -> Problem:
    """A running mean of the mean gradients is mixed in."""
    state = np.zeros(d)

    def running(i: Any, X: np.ndarray) -> np.ndarray:
        nonlocal state
        found = gradient(i, X)
        state = beta * state + (1 - beta) * found.mean(axis=0)
        return (1 - beta) * found + beta * state

    return card(gradient=running)


def by_batch() -> Problem:
    """Normalised by the batch: the answer for one point depends on those that are asked with it."""
    return card(gradient=lambda i, X: gradient(i, X) * (1 + 0.1 * np.tanh(np.std(X))))


def by_batch_size() -> Problem:
    """Divided by the number of rows, scaled for the n that is expected."""
    return card(gradient=lambda i, X: gradient(i, X) * (1 if len(i) % n == 0 else 0.5))


def by_order() -> Problem:
    """The first row of a batch is taken for a warm-up."""

    def first_is_off(i: Any, X: np.ndarray) -> np.ndarray:
        found = gradient(i, X)
        found[0] *= 1.1
        return found

    return card(gradient=first_is_off)


def by_order_of_calls() -> Problem:
    """The answer is that of the call before where x has not moved much: a stale cache."""
    seen: dict[str, Any] = {}

    def cached(i: Any, X: np.ndarray) -> np.ndarray:
        if "X" in seen and seen["X"].shape == X.shape and np.abs(X - seen["X"]).max() < 1e-2:
            return seen["g"].copy()
        seen.update(X=X.copy(), g=gradient(i, X))
        return seen["g"].copy()

    return card(gradient=cached)


def rows_shuffled() -> Problem:
    dice = np.random.default_rng(1)
    return card(gradient=lambda i, X: gradient(dice.permutation(i), X))


def by_time() -> Problem:
    return card(gradient=lambda i, X: gradient(i, X) * (1 + 1e-3 * np.sin(1e5 * time.perf_counter())))


# Arguments and buffers


def own_buffer() -> Problem:
    """One array is written and returned in every call."""
    buffer: dict[int, np.ndarray] = {}

    def reused(i: Any, X: np.ndarray) -> np.ndarray:
        out = buffer.setdefault(len(i), np.zeros((len(i), d)))
        out[:] = gradient(i, X)
        return out

    return card(gradient=reused)


def writes_its_argument() -> Problem:
    """The point is moved in place, and moved on in every call."""

    def moved(i: Any, X: np.ndarray) -> np.ndarray:
        X *= 1.01
        return gradient(i, X)

    return card(gradient=moved)


def writes_its_argument_back() -> Problem:
    """The point is used as scratch space and put back, up to rounding."""

    def scratched(i: Any, X: np.ndarray) -> np.ndarray:
        X += 1
        X -= 1
        return gradient(i, X)

    return card(gradient=scratched)


# Exceptions


def raising(where: Callable[[np.ndarray], Any], error: type[Exception] = RuntimeError) -> Problem:
    """Asked point by point, it raises where `where(x)` holds."""

    def fails(i: int, x: np.ndarray) -> np.ndarray:
        if where(x):
            raise error("cuda out of memory")
        return gradient(i, x)

    return card(gradient=fails, batched=False)


def raising_for(component: int) -> Problem:
    def fails(i: int, x: np.ndarray) -> np.ndarray:
        if i == component and abs(x).max() > 3:
            raise KeyError(component)
        return gradient(i, x)

    return card(gradient=fails, batched=False)


def raising_values() -> Problem:
    def fails(i: int, x: np.ndarray) -> float:
        if x[0] < -4:
            raise OverflowError("math range error")
        return value(i, x)

    return card(value=fails, batched=False)


def raising_batches() -> Problem:
    """Too many rows at once."""

    def fails(i: Any, X: np.ndarray) -> np.ndarray:
        if len(i) > 1000:
            raise MemoryError("too many rows")
        return gradient(i, X)

    return card(gradient=fails)


def raising_at_the_second_call() -> Problem:
    seen: set[bytes] = set()

    def once(i: int, x: np.ndarray) -> np.ndarray:
        key = x.tobytes() + bytes([i])
        if key in seen:
            raise RuntimeError("trying to backward through the graph a second time")
        seen.add(key)
        return gradient(i, x)

    return card(gradient=once, batched=False)


# Numbers that are none


def not_finite(of: str, where: Callable[[np.ndarray], np.ndarray], what: float) -> Problem:
    """NaN or infinity where `where(X)` holds."""
    if of == "value":
        return card(value=lambda i, X: np.where(where(X), what, value(i, X)))
    return card(gradient=lambda i, X: np.where(where(X)[:, None], what, gradient(i, X)))


def overflowing() -> Problem:
    """exp of a large number far out, in the gradient alone."""

    def far(i: Any, X: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            grown = np.exp(np.abs(X).max(axis=-1) * 10)
            return gradient(i, X) * (grown / grown)[..., None]

    return card(gradient=far)


# Sizes


def truncated() -> Problem:
    """Large batches come back short."""
    return card(gradient=lambda i, X: gradient(i, X)[:1000])


def transposed() -> Problem:
    return card(gradient=lambda i, X: gradient(i, X).T)


def of_the_mean() -> Problem:
    """One gradient for the whole batch."""
    return card(gradient=lambda i, X: np.broadcast_to(gradient(i, X).mean(axis=0), X.shape))


def columns_as_rows() -> Problem:
    """The right number of numbers in the wrong order."""
    return card(gradient=lambda i, X: np.ascontiguousarray(gradient(i, X).T).reshape(len(i), d))


def nothing() -> Problem:
    return card(gradient=lambda i, X: None)


# Precision


def in_float32(of: str = "both") -> Problem:
    """Computed in single precision; the claims have a slack of 1e-5."""

    def low(function: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
        rows, targets = A.astype(np.float32), b.astype(np.float32)

        def run(i: Any, X: np.ndarray) -> np.ndarray:
            r = np.sum(rows[i] * X.astype(np.float32), axis=-1) - targets[i]
            return r * r / 2 if function is value else r[..., None] * rows[i]

        return run

    return card(
        low(value) if of in ("both", "value") else value,
        low(gradient) if of in ("both", "gradient") else gradient,
        slack=1e-5,
    )


def in_float16() -> Problem:
    def run(i: Any, X: np.ndarray) -> np.ndarray:
        with np.errstate(over="ignore"):
            return gradient(i, X).astype(np.float16)

    return card(gradient=run, slack=1e-2)


def integers(of: str) -> Problem:
    """A cast that cuts off what is behind the point."""
    if of == "value":
        return card(value=lambda i, X: value(i, X).astype(np.int64))
    return card(gradient=lambda i, X: gradient(i, X).astype(np.int64))


def rounded(digits: int) -> Problem:
    """Written and read with so many decimals."""
    return card(gradient=lambda i, X: np.round(gradient(i, X), digits), slack=1e-2)


def pickled_floats() -> Problem:
    """Lists of Python floats: a slow way, and nothing wrong."""
    return card(lambda i, x: float(value(i, x)), lambda i, x: gradient(i, x).tolist(), batched=False)


CASES: dict[str, tuple[str, Callable[[], Problem]]] = {
    **{f"noise-{size:g}": ("noise", partial(noisy, size)) for size in (0.3, 1e-2, 1e-4, 1e-6, 1e-9)},
    **{f"noisy-values-{size:g}": ("noise", partial(noisy, size, "value")) for size in (1e-2, 1e-6)},
    **{f"one-in-{every}-wrong": ("noise", partial(rare, every)) for every in (2, 7, 50)},
    **{f"dropout-{rate:g}": ("noise", partial(dropout, rate)) for rate in (0.5, 0.01)},
    **{f"another-after-{calls}-calls": ("noise", partial(changing, calls)) for calls in (1, 10, 150)},
    **{f"drift-{rate:g}": ("noise", partial(drifting, rate)) for rate in (1e-2, 1e-5)},
    **{f"momentum-{beta:g}": ("noise", partial(momentum, beta)) for beta in (0.9, 0.1)},
    "by-batch": ("noise", by_batch),
    "by-batch-size": ("noise", by_batch_size),
    "by-order": ("noise", by_order),
    "stale-cache": ("noise", by_order_of_calls),
    "rows-shuffled": ("noise", rows_shuffled),
    "by-time": ("noise", by_time),
    "own-buffer": ("", own_buffer),
    "writes-its-argument": ("noise", writes_its_argument),
    "writes-its-argument-back": ("", writes_its_argument_back),
    "raises-beyond-5": ("raises", partial(raising, lambda x: abs(x).max() > 5)),
    "raises-beyond-1000": ("raises", partial(raising, lambda x: abs(x).max() > 1000, FloatingPointError)),
    "raises-on-one-side": ("raises", partial(raising, lambda x: x[0] > 2.5, ZeroDivisionError)),
    "raises-for-one-component": ("raises", partial(raising_for, 3)),
    "values-raise": ("raises", raising_values),
    "large-batches-raise": ("raises", raising_batches),
    "second-call-raises": ("raises", raising_at_the_second_call),
    "nan-region": ("not finite", partial(not_finite, "gradient", lambda X: X[..., 0] > 3, np.nan)),
    "nan-values": ("not finite", partial(not_finite, "value", lambda X: X[..., 1] < -3, np.nan)),
    "infinite-region": ("not finite", partial(not_finite, "gradient", lambda X: np.abs(X).max(axis=-1) > 20, np.inf)),
    "infinite-values": ("not finite", partial(not_finite, "value", lambda X: np.abs(X).max(axis=-1) > 20, np.inf)),
    "overflow": ("not finite", overflowing),
    "large-batches-cut": ("raises", truncated),
    "transposed": ("noise", transposed),
    "mean-of-the-batch": ("noise", of_the_mean),
    "columns-as-rows": ("noise", columns_as_rows),
    "no-answer": ("raises", nothing),
    **{f"float32-{of}": ("", partial(in_float32, of)) for of in ("both", "value", "gradient")},
    "float16": ("", in_float16),
    **{f"integer-{of}s": ("gradients", partial(integers, of)) for of in ("value", "gradient")},
    **{f"{digits}-decimals": ("", partial(rounded, digits)) for digits in (6, 3)},
    "python-floats": ("", pickled_floats),
}


def problem(case: str = "noise-0.01") -> Problem:
    return CASES[case][1]()
