"""An adapter for `samtheory conform` of an optimiser in PyTorch: import your SAM in the place of the one below.

    samtheory conform THIS_FILE.py

`backward(parameters, oracle)` is a real backward pass at the parameters. An optimiser that can be called in several
ways gets one adapter for each: they are different programs.
"""

import torch

from samtheory.conformance import backward


class SAM(torch.optim.Optimizer):
    """A plain SAM, as an example."""

    param_groups: list

    def __init__(self, params, rho: float, **sgd) -> None:
        super().__init__(params, {"rho": rho})
        self.base = torch.optim.SGD(self.param_groups, **sgd)
        self.param_groups = self.base.param_groups

    def step(self, closure) -> None:
        """Both passes; the closure clears the gradients and runs backward."""
        with torch.enable_grad():
            closure()
        moved = [(q, group["rho"]) for group in self.param_groups for q in group["params"] if q.grad is not None]
        old = [q.detach().clone() for q, _ in moved]
        with torch.no_grad():
            length = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(q.grad) for q, _ in moved]))
            for q, rho in moved:
                q.add_(q.grad * (rho / (length.clamp(min=1e-12))))
        with torch.enable_grad():
            closure()
        with torch.no_grad():
            for (q, _), before in zip(moved, old, strict=True):
                q.copy_(before)
        self.base.step()

    def state_dict(self) -> dict:
        """The state of the base optimiser."""
        return self.base.state_dict()

    def load_state_dict(self, state) -> None:
        """Continue from a state."""
        self.base.load_state_dict(state)
        self.param_groups = self.base.param_groups


class MySAM:
    """SAM on parameters of PyTorch."""

    supports = frozenset({"momentum", "nesterov", "weight_decay", "groups", "none", "save", "set_gamma"})

    def build(self, blocks, *, gamma, rho, groups=None, **sgd) -> None:
        """Make the optimiser at these blocks."""
        self.p = [torch.nn.Parameter(torch.tensor(block)) for block in blocks]
        parts = [{"params": [self.p[k] for k in ks], "rho": radius} for ks, radius in groups] if groups else self.p
        self.opt = SAM(parts, rho=rho, lr=gamma, **sgd)

    def step(self, oracle) -> None:
        """One step, both passes."""

        def closure():
            self.opt.zero_grad()
            return backward(self.p, oracle)

        self.opt.step(closure)

    def params(self) -> list:
        """The current blocks."""
        return [q.detach().numpy() for q in self.p]

    def save(self) -> dict:
        """The state that a checkpoint holds."""
        return self.opt.state_dict()

    def load(self, state) -> None:
        """Continue from a state."""
        self.opt.load_state_dict(state)

    def set(self, gamma=None) -> None:
        """Change the step size between steps."""
        for group in self.opt.param_groups:
            group["lr"] = gamma
