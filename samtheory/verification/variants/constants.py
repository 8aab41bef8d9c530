"""Faulty samplings, and constants of another sampling or off by a factor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from samtheory.constants import Constants, claimed
from samtheory.problem.problem import Problem
from samtheory.sampling.base import parse_sampling
from samtheory.sampling.unweighted import Unweighted
from samtheory.verification.self_test import Variant

from .make import RIDGE, cell, constant


def times(**factors: float) -> Callable[[Constants], Constants]:
    """Constants with some multiplied by a factor."""

    def change(right: Constants) -> Constants:
        wrong: dict[str, Any] = {
            name: claimed(float(getattr(right, name)) * factor, "wrong") for name, factor in factors.items()
        }
        return right.changed(**wrong)

    return change


def put(**names: str) -> Callable[[Constants], Constants]:
    """Constants with some replaced by others, e.g. put(Lambda="L_max")."""
    return lambda right: right.changed(**{name: getattr(right, other) for name, other in names.items()})


def of_sampling(text: str) -> Callable[[Problem], Problem]:
    """The expected residual of another sampling."""

    def change(right: Problem) -> Problem:
        residual = right.expected_residual(right.law(parse_sampling(text)))
        assert residual is not None
        return right.claiming(lambda law: residual.named)

    return change


def raised(name: str, by: float) -> Callable[[Problem], Problem]:
    """f_inf, or every f_i_inf, claimed too high."""

    def change(right: Problem) -> Problem:
        value = getattr(right, name)
        if name == "f_i_inf":
            return replace(right, f_i_inf=replace(value, values=value.values + by))
        return replace(right, f_inf=claimed(float(value) + by, "wrong"))

    return change


VARIANTS = (
    Variant(
        "importance sampling without its weights",
        "sampling",
        cell(RIDGE, sampling="importance"),
        ("hypothesis",),
        sampling=Unweighted,
    ),
    constant("Lambda halved", times(Lambda=0.5), cell(RIDGE)),
    constant(
        "L_max for Lambda, independent sampling", put(Lambda="L_max"), cell("tight-pair", sampling="independent:0.5")
    ),
    constant("Lambda1 halved", times(Lambda1=0.5), cell(RIDGE)),
    constant("Lambda2 halved", times(Lambda2=0.5), cell(RIDGE)),
    constant("L halved", times(L=0.5), cell(RIDGE, sampling="full")),
    constant("mu doubled", times(mu=2.0), cell(RIDGE, sampling="full", lam=0.0, rho=0.0), ("hypothesis", "one-step")),
    constant("mu of A^T A for A^T A/n", times(mu=4.0), cell(RIDGE)),
    constant("A lowered by a tenth", times(A=0.9), cell("tight-orthogonal")),
    constant("B lowered by a tenth", times(B=0.9), cell("tight-orthogonal", sampling="nice:2")),
    constant("C lowered by a tenth", times(C=0.9), cell("tight-pair")),
    constant("C = 0 without interpolation", times(C=0.0), cell(RIDGE)),
    Variant(
        "nice constants with replacement",
        "constants",
        cell("tight-orthogonal", sampling="replacement:2"),
        ("hypothesis",),
        problem=of_sampling("nice:2"),
    ),
    Variant(
        "importance constants for uniform sampling",
        "constants",
        cell("tight-orthogonal"),
        ("hypothesis",),
        problem=of_sampling("importance"),
    ),
    Variant(
        "f* from a run that had not converged", "constants", cell(RIDGE), ("hypothesis",), problem=raised("f_inf", 1e-4)
    ),
    Variant("f_i_inf too high", "constants", cell("tight-pair"), ("hypothesis",), problem=raised("f_i_inf", 0.01)),
)
