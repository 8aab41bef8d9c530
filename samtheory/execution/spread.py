"""The same work on many items, on any `concurrent.futures.Executor`: in order, nothing dropped when a worker dies."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from itertools import chain
from typing import TypeAlias, TypeVar

import numpy as np

from samtheory.errors import InputError, NotApplicable
from samtheory.io import files

Item = TypeVar("Item", bound=Hashable)
Result = TypeVar("Result")

#: The reason of an item whose worker process died twice: in its batch, and alone.
WORKER_DIED = "the worker process died twice on this item"

#: Makes a new executor, which can take over from one whose worker died.
Executors: TypeAlias = Callable[[], AbstractContextManager[Executor]]


def spread(
    work: Callable[[Item], Result],
    batches: Sequence[Sequence[Item]],
    executor: Executors | Executor | None,
    lost: Callable[[Item], Result],
    on_done: Callable[[Result], object] = lambda result: None,
    paths: Callable[[Item], Iterable[str]] = lambda item: (),
) -> list[Result]:
    """`work` of every item of every batch, in their order, the same whatever the executor is.

    Parameters
    ----------
    work : a function that pickles
    batches : the items, plain data; a batch is sent to one worker
    executor : a `concurrent.futures.Executor`, or a function that makes one (`local`, `cluster`), so that a new one can
        take over from one whose worker died; None works in this process
    lost : the result of an item whose worker died, also with this item alone
    on_done : called with each result as it comes
    paths : the files that an item names; their contents go with it

    Raises
    ------
    InputError, NotApplicable
        As `work` does.

    Notes
    -----
    One dead worker can take the whole executor with it. The executor's queue is first in, first out, so that the first
    batch without a result was begun: its items are tried again, each alone; the batches behind it, together.
    """
    found: dict[Item, Result] = {}

    def keep(item: Item, result: Result) -> None:
        found[item] = result
        on_done(result)

    if executor is None:
        for item in chain(*batches):
            keep(item, work(item))
    else:
        make: Executors = (lambda: nullcontext(executor)) if isinstance(executor, Executor) else executor
        left = _attempt(work, batches, make, keep, paths)
        while left:
            for item in left[0]:
                if _attempt(work, [[item]], make, keep, paths):
                    keep(item, lost(item))
            left = _attempt(work, left[1:], make, keep, paths)
    return [found[item] for item in chain(*batches)]


def _attempt(
    work: Callable[[Item], Result],
    batches: Sequence[Sequence[Item]],
    make: Executors,
    keep: Callable[[Item, Result], None],
    paths: Callable[[Item], Iterable[str]],
) -> list[Sequence[Item]]:
    """Work on the batches with a new executor; those that it gave no result of, in order."""
    left = dict(enumerate(batches))
    if not left:
        return []
    futures: dict[Future[list[Result] | Exception], int] = {}
    with make() as pool:
        try:
            for number, batch in left.items():
                sent = contents(path for item in batch for path in paths(item))
                futures[pool.submit(answers, work, batch, sent)] = number
        except RuntimeError:  # broken already: what was not submitted is left
            pass
        try:
            for future in as_completed(futures):
                try:
                    results = future.result()
                except Exception:  # noqa: BLE001 - whatever an executor makes of a worker that died
                    continue
                if isinstance(results, Exception):
                    raise results
                for item, result in zip(left.pop(futures[future]), results, strict=True):
                    keep(item, result)
        finally:
            for future in futures:
                future.cancel()
    return list(left.values())


def answers(
    work: Callable[[Item], Result], items: Sequence[Item], sent: Mapping[str, bytes]
) -> list[Result] | Exception:
    """On a worker, the results, with the files that the items name; or the error, which so is no worker that died."""
    files.send(sent)
    try:
        with np.errstate(all="ignore"):  # a diverging run overflows, and its verdict says so
            return [work(item) for item in items]
    except Exception as error:  # noqa: BLE001 - raised again where the work was asked for
        return portable(error)


def portable(error: Exception) -> Exception:
    """An error of a kind that pickles, with the same message; the traceback is in its notes."""
    same: Exception
    if isinstance(error, (InputError, NotApplicable)):
        same = (InputError if isinstance(error, InputError) else NotApplicable)(str(error))
    else:
        same = RuntimeError(f"{type(error).__name__}: {error}")
    same.add_note(traceback.format_exc())
    return same


def contents(paths: Iterable[str]) -> dict[str, bytes]:
    """The contents of the files that there are, by path."""
    return {path: files.content(path) for path in sorted(set(paths)) if files.exists(path)}


def local(workers: int) -> Executors:
    """Makes executors of `workers` processes on this machine.

    The processes end at once where the work is interrupted or fails, and by themselves where this process is gone.
    """
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)

    @contextmanager
    def pool() -> Iterator[Executor]:
        others = multiprocessing.active_children()
        made = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(os.getpid(),))
        try:
            yield made
        except BaseException:
            for process in multiprocessing.active_children():
                if process not in others:
                    process.terminate()
            raise
        finally:
            made.shutdown(cancel_futures=True)

    return pool


#: Seconds between two looks at whether the parent of a worker is alive.
LOOK = 1.0


def _begin(parent: int) -> None:
    """In a new worker: leave Ctrl-C to the parent, end on its termination signal, and end where the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        with suppress(AttributeError):  # Windows has no SIGHUP
            signal.signal(getattr(signal, name), signal.SIG_DFL)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
