"""The random streams of a run: drawn a chunk at a time, the same for every engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..sampling import Draw, Law

#: A chunk has at least and at most this many steps, and fewer than the most where n is large.
LEAST, MOST = 256, 8192

Streams = Sequence[np.random.Generator]


def streams(seed: int | Sequence[int], trials: int) -> Streams:
    """One stream a trial: the k-th from the k-th child of `SeedSequence(seed)`."""
    return [np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(trials)]


def chunks(law: Law, stop: int) -> Iterator[tuple[int, int]]:
    """The (begin, end) of the draws made at once, up to `stop`: 256 steps, doubling up to what memory allows.

    They depend on the law alone, and the last one is drawn whole, so a stream never depends on what else is asked for.
    """
    largest = max(LEAST, min(MOST, 2**19 // law.n))
    begin, length = 0, LEAST
    while begin < stop:
        yield begin, begin + length
        begin, length = begin + length, min(2 * length, largest)


def drawn(law: Law, streams: Streams, size: int) -> Draw:
    """`size` draws of every stream side by side, (trials, size, m), padded with weight 0 to the widest batch."""
    draws = [law.draw(stream, size) for stream in streams]
    shape = (len(draws), size, max(draw.indices.shape[1] for draw in draws))
    indices, weights = np.zeros(shape, dtype=np.intp), np.zeros(shape)
    for r, draw in enumerate(draws):
        indices[r, :, : draw.indices.shape[1]] = draw.indices
        weights[r, :, : draw.weights.shape[1]] = draw.weights
    return Draw(indices, weights)
