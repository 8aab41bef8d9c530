"""An adapter for `samtheory conform` of an optimiser in optax: replace `optax.contrib.sam` by your own.

    samtheory conform THIS_FILE.py

JAX calculates in float32 unless `jax_enable_x64` is set.
"""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import optax.contrib

jax.config.update("jax_enable_x64", True)


def unit(g, _):
    """g/||g||, and 0 where g = 0."""
    length = optax.tree.norm(g)
    return jax.tree.map(lambda block: block / jnp.where(length > 0, length, 1.0), g)


class MySAM:
    """SAM on parameters of JAX."""

    supports = frozenset({"momentum", "nesterov", "save"})

    def build(self, blocks, *, gamma, rho, momentum=0.0, nesterov=False) -> None:
        """Make the optimiser at these blocks."""
        self.x = [jnp.asarray(block) for block in blocks]
        ascent = optax.chain(optax.stateless(unit), optax.sgd(rho))
        self.opt = optax.contrib.sam(optax.sgd(gamma, momentum or None, nesterov), ascent, opaque_mode=True)
        self.state = self.opt.init(self.x)

    def step(self, oracle) -> None:
        """One step, both passes."""

        def grad(x, *_):
            return [jnp.asarray(block) for block in oracle([np.asarray(block) for block in x])[1]]

        updates, self.state = self.opt.update(grad(self.x), self.state, self.x, grad_fn=grad)
        self.x = optax.apply_updates(self.x, updates)

    def params(self) -> list:
        """The current blocks."""
        return [np.asarray(block) for block in self.x]

    def save(self):
        """The state that a checkpoint holds."""
        return self.state

    def load(self, state) -> None:
        """Continue from a state."""
        self.state = state
