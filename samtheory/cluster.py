"""Sweeps on a Dask cluster, through `distributed` (the extra `cluster`)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from .errors import InputError, MissingExtra


def cluster(address: str, workers: int) -> Callable[[], Executor]:
    """Makes executors on the cluster at `address`; "local" starts one of `workers` processes here.

    Raises
    ------
    MissingExtra
        If `distributed` is not installed.
    InputError
        If no scheduler answers at the address.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise MissingExtra(f"dask={address}", "cluster") from None
    if address == "local":
        client: Any = Client(LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None))
    else:
        try:
            client = Client(address, timeout=10)
        except (OSError, ValueError, TimeoutError) as error:
            raise InputError(f"dask={address}: no scheduler answers ({type(error).__name__})") from None

    def make() -> Executor:
        executor: Executor = client.get_executor()
        return executor

    return make
