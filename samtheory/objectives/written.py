"""Whether an object runs the code that its class was written with.

What is proved of a class is proved of its own functions: not of a subclass, nor of an instance or a class whose
functions were replaced afterwards.
"""

from __future__ import annotations

import sys
from functools import cached_property
from types import FrameType
from typing import Any

#: The members of every class of this package, as they were when the class was made.
_MEMBERS: dict[type, dict[str, Any]] = {}
_PACKAGE = __name__.rpartition(".")[0] + "."
#: Members that answer for every other one.
ANSWERING = ("__getattribute__", "__getattr__", "__class__")


class Written:
    """A base class whose subclasses in this package are remembered as written."""

    def __init_subclass__(cls, **others: Any) -> None:
        super().__init_subclass__(**others)
        if cls.__module__.startswith(_PACKAGE) and _made_in(cls.__module__):
            _MEMBERS[cls] = {name: member for name, member in vars(cls).items() if not name.startswith("__")}


def _made_in(module: str) -> bool:
    """Whether the class that is being made stands in this module, and does not only say so."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_name in ("__init_subclass__", "__new__"):  # of ABCMeta too
        frame = frame.f_back
    return frame is not None and module in sys.modules and frame.f_globals is vars(sys.modules[module])


def altered(thing: Any) -> str | None:
    """How an instance of a class, or the class itself, differs from what was written; None where it does not.

    Examples
    --------
    >>> from samtheory import LinearModel
    >>> f = LinearModel([[1.0]], [0.0], "squared")
    >>> altered(f)
    >>> f.gradients = lambda X, indices=None: 0 * X
    >>> altered(f)
    'gradients is an attribute of the instance'
    """
    kind: type = thing if isinstance(thing, type) else type(thing)
    if kind not in _MEMBERS:
        return f"{kind.__name__} is a class of its own"
    for each in kind.__mro__[:-1]:
        for name in ANSWERING:
            if name in vars(each):
                return f"{each.__name__}.{name} was replaced"
        for name, member in _MEMBERS.get(each, {}).items():
            if vars(each).get(name) is not member:
                return f"{each.__name__}.{name} was replaced"
    for name in () if thing is kind else vars(thing):
        member = getattr(kind, name, None)
        if callable(member) and not isinstance(member, cached_property):
            return f"{name} is an attribute of the instance"
    return None
