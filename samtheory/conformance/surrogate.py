"""A real backward pass through gradients that an oracle gives, for optimisers of PyTorch; torch is not imported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def backward(parameters: Sequence[Any], oracle: Any, **named: Any) -> Any:
    """Call the oracle at the parameters and run a backward pass, so that gradients accumulate and hooks run.

    Parameters
    ----------
    parameters : the torch parameters, one for each block
    oracle : the oracle of the step
    named : keywords of the oracle, such as training

    Returns
    -------
    The loss, a tensor.

    Raises
    ------
    RuntimeError
        Under `torch.no_grad`, as in a user's closure.
    """
    value, gradients = oracle([p.detach().cpu().numpy().copy() for p in parameters], **named)
    pairs = [
        (p, p.new_tensor(g.tolist(), dtype=p.dtype))
        for p, g in zip(parameters, gradients, strict=True)
        if g is not None
    ]
    # The gradient of the surrogate sum <p, g> is g; its value is corrected to that of the loss.
    surrogate = sum((p * g).sum() for p, g in pairs)
    if not pairs:
        return parameters[0].new_tensor(value)
    loss = surrogate + (value - surrogate.detach())
    loss.backward()
    return loss
