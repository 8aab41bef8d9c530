"""The random streams of a run: drawn a chunk at a time, the same for every engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import numpy as np

from samtheory.sampling.law import Draw, Law

#: Steps of the first chunk, and of any at most.
FIRST, MOST = 256, 8192
#: Indices of a stream in a chunk at most, unless that were less than so many steps.
INDICES, FEW = 2**15, 16
#: A run of so few steps, with so few indices in all, keeps its draws for the next run on the same streams.
KEPT, KEPT_INDICES = 3 * FIRST, 2**18

Streams = Sequence[np.random.Generator]


def streams(seed: int | Sequence[int], trials: range) -> Streams:
    """One stream a trial: the k-th from the k-th child of `SeedSequence(seed)`."""
    children = np.random.SeedSequence(seed).spawn(trials.stop)
    return [np.random.default_rng(children[k]) for k in trials]


def chunks(law: Law, stop: int) -> Iterator[tuple[int, int]]:
    """The (begin, end) of the draws made at once, up to `stop`: a few, doubling up to what memory allows.

    They depend on the law alone, and the last one is drawn whole, so a stream never depends on what else is asked for.
    """
    largest = max(FEW, min(MOST, INDICES // law.width))
    begin, length = 0, min(FIRST, largest)
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


def chunked(
    law: Law, seed: int | Sequence[int], trials: range, stop: int, draw: Callable[[Law, Streams, int], Draw] = drawn
) -> Iterator[tuple[int, int, Draw]]:
    """(begin, end, draws) of the streams of some trials, chunk by chunk up to `stop`; `draw` does what `drawn` does."""
    if stop <= KEPT and len(trials) * stop * law.width < KEPT_INDICES:
        yield from _kept(law, seed if isinstance(seed, int) else tuple(seed), trials, stop)
        return
    sources = streams(seed, trials)
    for begin, end in chunks(law, stop):
        yield begin, end, draw(law, sources, end - begin)


@lru_cache(maxsize=16)
def _kept(law: Law, seed: int | tuple[int, ...], trials: range, stop: int) -> list[tuple[int, int, Draw]]:
    sources = streams(seed, trials)
    return [(begin, end, drawn(law, sources, end - begin)) for begin, end in chunks(law, stop)]
