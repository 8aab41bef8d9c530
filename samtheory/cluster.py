"""A Dask cluster, through `distributed` (the extra `cluster`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from .errors import InputError, MissingExtra
from .parallel import Executors


@contextmanager
def cluster(address: str, workers: int) -> Iterator[Executors]:
    """Makes executors on the cluster at `address`; "local" starts one of `workers` processes here, and ends it.

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
    with ExitStack() as stack:
        where: Any = address
        if address == "local":
            started = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
            where = stack.enter_context(started)
        try:
            client: Any = stack.enter_context(Client(where, timeout=10))
        except (OSError, ValueError, TimeoutError) as error:
            raise InputError(f"dask={address}: no scheduler answers ({type(error).__name__})") from None
        # Not pure: what failed is worked on again.
        yield lambda: client.get_executor(pure=False)
