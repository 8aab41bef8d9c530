"""Contexts: settings of the optimiser, and what happens during a run of T steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .problem import Form, isotropic, plain, scaled

#: The component that each step draws.
DRAWS = (0, 3, 1, 4, 2, 2, 0, 1, 3, 4, 1, 0)
#: Steps before a change of a hyper-parameter, and before a state is saved.
SWITCH = 6
#: The block that may be without a gradient.
ABSENT = 1


@dataclass(frozen=True)
class Context:
    """One run of an optimiser: its settings, the form of the problem, and the events.

    Attributes
    ----------
    gamma, rho, lam, momentum, nesterov, weight_decay : settings
    groups : (block numbers, rho) for each parameter group; one group where empty
    form : form of the test problem
    draws : component of each step
    changes : (step, ((setting, value), ...)), made before the step
    absent : (step, pass 1 or 2) in which the block `ABSENT` has no gradient
    saved : the step before which the state is saved and loaded into a new optimiser, or None
    micro : components of the micro-batches of every step; empty for one batch
    """

    gamma: float = 0.05
    rho: float = 0.4
    lam: float = 1.0
    momentum: float = 0.0
    nesterov: bool = False
    weight_decay: float = 0.0
    groups: tuple[tuple[tuple[int, ...], float], ...] = ()
    form: Form = plain
    draws: tuple[int, ...] = DRAWS
    changes: tuple[tuple[int, tuple[tuple[str, float], ...]], ...] = ()
    absent: frozenset[tuple[int, int]] = frozenset()
    saved: int | None = None
    micro: tuple[int, ...] = ()

    def but(self, **changed: Any) -> Context:
        """This context with some attributes changed."""
        return replace(self, **changed)

    @property
    def settings(self) -> dict[str, Any]:
        """The settings by name, as `build` takes them."""
        names = ("gamma", "rho", "lam", "momentum", "nesterov", "weight_decay")
        groups = [(list(blocks), rho) for blocks, rho in self.groups] or None
        return {**{name: getattr(self, name) for name in names}, "groups": groups}

    @property
    def words(self) -> str:
        """The settings that differ from those of the plain context."""
        names = ("gamma", "rho", "lam", "momentum", "nesterov", "weight_decay", "groups")
        changed = [f"{name}={getattr(self, name)}" for name in names if getattr(self, name) != getattr(PLAIN, name)]
        changed += ["saved and loaded"] * (self.saved is not None)
        changed += [f"{name}={value:g} from step {t + 1}" for t, new in self.changes for name, value in new]
        return ", ".join(changed)


PLAIN = Context()
LAM_0 = PLAIN.but(lam=0.0, rho=0.05)
LAM_HALF = PLAIN.but(lam=0.5, rho=0.1)
MOMENTUM = PLAIN.but(momentum=0.9, gamma=0.02)
NESTEROV = MOMENTUM.but(nesterov=True)
DECAY = PLAIN.but(weight_decay=0.3)
DECAY_MOMENTUM = MOMENTUM.but(weight_decay=0.3)
#: rho itself is neither group's, so that a default taken for a group's radius shows.
GROUPS = PLAIN.but(rho=0.2, groups=(((0, 1), 0.4), ((2, 3), 0.1)))
ONE_RADIUS = PLAIN.but(groups=(((0, 1), 0.4), ((2, 3), 0.4)))
RHO_CHANGED = PLAIN.but(changes=((SWITCH, (("rho", 0.1),)),))
GAMMA_CHANGED = PLAIN.but(changes=((SWITCH, (("gamma", 0.02),)),))
LAM_CHANGED = PLAIN.but(changes=((SWITCH, (("lam", 0.25),)),))


def at_scale(factor: float) -> Context:
    """The loss times a factor, and gamma over it: SAM takes the same steps."""
    return PLAIN.but(form=scaled(factor), gamma=PLAIN.gamma / factor)


SMALL, LARGE = at_scale(1e-3), at_scale(1e3)
#: Steps enough for what happens once in many, or after a warm-up.
LONG, LONG_MOMENTUM = (each.but(draws=25 * DRAWS) for each in (PLAIN, MOMENTUM))
ISOTROPIC = LAM_0.but(form=isotropic)

#: The capability word of each context in which variants are told apart; None where every adapter can run it.
CONTEXTS: Mapping[Context, str | None] = {
    PLAIN: None,
    LAM_0: "lam",
    LAM_HALF: "lam",
    MOMENTUM: "momentum",
    NESTEROV: "nesterov",
    DECAY: "weight_decay",
    DECAY_MOMENTUM: "weight_decay momentum",
    ONE_RADIUS: "groups",
    GROUPS: "groups",
    RHO_CHANGED: "set_rho",
    GAMMA_CHANGED: "set_gamma",
    LAM_CHANGED: "set_lam",
    SMALL: None,
    LARGE: None,
}
