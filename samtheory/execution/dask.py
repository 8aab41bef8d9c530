"""A Dask cluster, through `distributed` (the extra `cluster`)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from samtheory.errors import InputError, MissingExtra

from .spread import Executors

#: After so long without a worker that lives, work on a cluster of ours counts as lost.
PATIENCE = "30s"


@contextmanager
def cluster(address: str, workers: int) -> Iterator[Executors]:
    """Makes executors on the cluster at `address`; for "local" each has a cluster of `workers` processes of its own.

    Raises
    ------
    MissingExtra
        If `distributed` is not installed.
    InputError
        If no scheduler answers at the address.
    """
    try:
        from distributed import Client
    except ImportError:
        raise MissingExtra(f"dask={address}", "cluster") from None
    if address == "local":
        yield lambda: own(workers)
        return
    try:
        client: Any = Client(address, timeout=10)
    except (OSError, ValueError, TimeoutError) as error:
        raise InputError(f"dask={address}: no scheduler answers ({type(error).__name__})") from None
    with client:
        yield lambda: client.get_executor(pure=False)  # not pure: what failed is worked on again


@contextmanager
def own(workers: int) -> Iterator[Executor]:
    """An executor on a new cluster here.

    Dask begins a worker that died anew, but not one that dies while it begins: so every attempt has its own cluster.
    """
    import dask
    from distributed import Client, LocalCluster

    with (
        dask.config.set({"distributed.scheduler.no-workers-timeout": PATIENCE}),
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as started,
        Client(started) as client,
        client.get_executor(pure=False) as executor,
    ):
        yield executor
