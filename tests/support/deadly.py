"""Work that kills its worker, in a module of its own, which every worker can import."""

import os


def double(k: int) -> int:
    """Twice as much, or the death of the worker."""
    if k in (1, 20):
        os._exit(9)
    return 2 * k
