"""The common part of samplings with a batch size tau."""

from __future__ import annotations

from dataclasses import dataclass

from samtheory.errors import InputError, whole

from .base import Sampling


@dataclass(frozen=True)
class Minibatch(Sampling):
    """A sampling with a batch size.

    Parameters
    ----------
    tau : number of components in a draw
    """

    tau: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "tau", whole("tau", self.tau, 1))

    @classmethod
    def parse(cls, argument: str | None) -> Sampling:
        if argument is None:
            raise InputError(f"sampling={cls.key}: a batch size is needed, as {cls.form}")
        return cls(whole("tau", argument, 1))

    @property
    def argument(self) -> str:
        return str(self.tau)
