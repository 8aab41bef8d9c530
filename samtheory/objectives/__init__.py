"""Finite sums f = (1/n) sum f_i, every operation vectorised over a leading axis of runs."""

from .base import FiniteSum
from .linear import LinearModel
from .losses import LOSSES, ScalarLoss
from .quadratic import Quadratics
from .separable import SineSum
from .tilted import Tilted
from .user import UserSum

__all__ = ["LOSSES", "FiniteSum", "LinearModel", "Quadratics", "ScalarLoss", "SineSum", "Tilted", "UserSum"]
