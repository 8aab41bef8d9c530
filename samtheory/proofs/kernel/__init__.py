"""What has to be trusted of a proof: the facts and the rules that make them.

Expressions are those of `language.terms`; their types say what depends on the point x and on the draw.
"""

from . import analysis  # noqa: F401  (all rules exist, and no more are allowed, before anything uses one)
