"""Adapters: the capability words, the check of a class, and new instances of it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from samtheory.errors import InputError, no_such, reject, words

#: What each capability word means.
WORDS: Mapping[str, str] = {
    "lam": "build takes lam: 0 is USAM, 1 is SAM",
    "momentum": "build takes momentum, of the base optimiser",
    "nesterov": "build takes nesterov, Nesterov's momentum of the base optimiser",
    "weight_decay": "build takes weight_decay, coupled, of the base optimiser",
    "groups": "build takes groups, a list of (numbers of blocks, rho)",
    "none": "gradients may be absent (None)",
    "save": "save() returns the state, load(state) continues from it",
    "set_gamma": "set(gamma=...) changes the step size between steps",
    "set_rho": "set(rho=...) changes the radius between steps",
    "set_lam": "set(lam=...) changes lam between steps",
    "accumulate": "accumulate(oracles) is one step on several micro-batches",
}
#: Methods that a declared word needs.
METHODS = {
    "save": ("save", "load"), "set_gamma": ("set",), "set_rho": ("set",), "set_lam": ("set",),
    "accumulate": ("accumulate",),
}  # fmt: skip
REQUIRED = ("build", "step", "params")


class Adapter:
    """A class that adapts an optimiser, checked for what it declares.

    Parameters
    ----------
    made : the class
    keys : the known check keys, for `expected_failures`
    again : returns the class from its file executed anew, None where it has no file of its own

    Raises
    ------
    InputError
        If the class lacks a method, or declares a word or a check that does not exist.
    """

    def __init__(self, made: Any, keys: frozenset[str], again: Callable[[], Any] | None = None) -> None:
        if not isinstance(made, type):
            raise InputError(f"adapter={made!r:.80}: must be a class with build, step and params")
        self.made, self.again = made, again
        self.name = str(getattr(made, "name", None) or made.__name__)
        self.supports = self._words(getattr(made, "supports", ()))
        wanted = [*REQUIRED, *(method for word in sorted(self.supports) for method in METHODS.get(word, ()))]
        for method in wanted:
            if not callable(getattr(made, method, None)):
                words = [word for word in self.supports if method in METHODS.get(word, ())]
                why = f" (supports {words[0]})" if words else ""
                raise InputError(f"adapter={made.__name__}: method {method} is missing: must be defined{why}")
        self.shared = {
            name: copy.deepcopy(value)
            for base in reversed(made.__mro__)
            for name, value in vars(base).items()
            if not name.startswith("__") and isinstance(value, (dict, list, set))
        }
        expected = getattr(made, "expected_failures", {})
        if not isinstance(expected, Mapping):
            raise reject(f"{made.__name__}: expected_failures", expected, "a mapping from checks to reasons")
        self.expected_failures = dict(expected)
        for key in self.expected_failures:
            if key not in keys:
                raise no_such(f"{made.__name__}: expected_failures", str(key), sorted(keys), sorted(keys))

    def _words(self, supports: Any) -> frozenset[str]:
        declared = words(f"{self.made.__name__}: supports", supports.split() if isinstance(supports, str) else supports)
        for word in sorted(declared):
            if word not in WORDS:
                raise no_such(f"{self.made.__name__}: supports", word, WORDS, WORDS)
        return declared

    def new(self) -> Any:
        """A new instance."""
        return self.made()

    def isolated(self) -> Any:
        """A new instance that shares nothing with others, as far as a class or its file can share."""
        if self.again is not None:
            return self.again()()
        kept = {**copy.deepcopy(self.shared), "__module__": self.made.__module__}
        return type(self.made.__name__, (self.made,), kept)()
