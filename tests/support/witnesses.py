"""The two sides of what a witness claims to break, computed again from values and gradients of single components."""

import numpy as np


class Again:
    """The two sides of what a witness claims to break, from the definitions."""

    def __init__(self, problem, law, witness):
        self.f, self.problem, self.law, self.w = problem.objective, problem, law, witness
        self.x, self.y = (np.array(witness[key]) if key in witness else None for key in "xy")

    def g(self, x, i):
        return self.f.gradients(x[None], np.array([[i]]))[0, 0]

    def mean(self, x):
        return sum(self.g(x, i) for i in range(self.problem.n)) / self.problem.n

    def value(self, x):
        return self.f.values(x[None])[0].mean()

    def sampled(self, x, outcome):
        parts = zip(outcome["indices"], outcome["weights"], strict=True)
        return sum(weight * self.g(x, i) for i, weight in parts) / self.problem.n

    def ratio(self, gradient, x, y):
        return np.linalg.norm(gradient(x) - gradient(y)) / np.linalg.norm(x - y)

    def over(self, count, gradient):
        return np.array([self.ratio(lambda z, k=k: gradient(z, k), self.x[k], self.y[k]) for k in range(count)])

    def gap(self):
        return self.value(self.x) - self.problem.f_inf

    def square(self, g):
        return float(g @ g)

    def second_moment(self):
        (indices, weights), probability = self.law.outcomes()
        drawn = zip(probability, indices, weights, strict=True)
        return sum(p * self.square(self.sampled(self.x, {"indices": i, "weights": v})) for p, i, v in drawn)

    def L_i(self):
        i = self.w["component"]
        return self.ratio(lambda z: self.g(z, i), self.x, self.y), self.problem.L_i.values[i]

    def L_max(self):
        return self.L_i()[0], self.problem.L_i.values.max()

    def L_avg(self):
        return self.over(self.problem.n, self.g).mean(), self.problem.L_i.values.mean()

    def L(self):
        return self.ratio(self.mean, self.x, self.y), self.problem.L

    def mu(self):
        return 2 * self.problem.mu * self.gap(), self.square(self.mean(self.x))

    def f_inf(self):
        return self.problem.f_inf, self.value(self.x)

    def f_i_inf(self):
        i = self.w["component"]
        return self.problem.f_i_inf.values[i], self.f.values(self.x[None])[0, i]

    def A(self):
        claimed = self.problem.expected_residual(self.law)
        right = 2 * claimed.A * self.gap() + claimed.B * self.square(self.mean(self.x)) + claimed.C
        return self.second_moment(), right

    B = C = bounded_variance = A

    def Lambda(self):
        outcome = self.w["outcome"]
        return self.ratio(lambda z: self.sampled(z, outcome), self.x, self.y), self.problem.smoothness_of(self.law)[2]

    def Lambda1(self):
        p, outcomes = np.array(self.w["probability"]), self.w["outcome"]
        ratios = self.over(len(p), lambda z, k: self.sampled(z, outcomes[k]))
        return ratios @ p, self.problem.smoothness_of(self.law)[0]

    def Lambda2(self):
        p, outcomes = np.array(self.w["probability"]), self.w["outcome"]
        ratios = self.over(len(p), lambda z, k: self.sampled(z, outcomes[k]))
        return np.sqrt(ratios**2 @ p), self.problem.smoothness_of(self.law)[1]

    def convex(self):
        return -(self.mean(self.x) - self.mean(self.y)) @ (self.x - self.y), 0.0

    def convex_components(self):
        i = self.w["component"]
        return -(self.g(self.x, i) - self.g(self.y, i)) @ (self.x - self.y), 0.0

    def strongly_convex(self):
        apart = self.x - self.y
        return self.problem.mu * self.square(apart), (self.mean(self.x) - self.mean(self.y)) @ apart

    def minimiser(self):
        return self.value(self.x) - self.problem.f_inf, 0.0

    def around(self, centred):
        (indices, weights), p = self.law.outcomes()
        draws = [{"indices": i, "weights": v} for i, v in zip(indices, weights, strict=True)]
        x_star, middle = self.problem.x_star, centred * self.mean(self.x)
        parts = [self.square(self.sampled(self.x, v) - self.sampled(x_star, v) - middle) for v in draws]
        return p @ parts

    def Lcal(self):
        return self.around(0), 2 * self.problem.expected_smoothness(self.law)[0] * self.gap()

    def R(self):
        return self.around(1), 2 * self.problem.expected_smoothness(self.law)[1] * self.gap()

    def sigma2(self):
        return self.second_moment(), self.problem.expected_smoothness(self.law)[2]

    def interpolation(self):
        squares = [self.square(self.g(self.x, i)) for i in range(self.problem.n)]
        return np.mean(squares / (2 * self.problem.L_i.values)), self.gap()

    def gradients(self):
        if "direction" not in self.w:
            return self.operations()
        i, u, h = self.w["component"], np.array(self.w["direction"]), 1e-5
        ahead, behind = (self.f.values((self.x + sign * h * u)[None])[0, i] for sign in (1, -1))
        return abs(self.g(self.x, i) @ u - (ahead - behind) / (2 * h)), self.w["right"]

    def operations(self):
        if self.w["inequality"].startswith("grad f"):
            return np.linalg.norm(self.f.gradient(self.x[None])[0] - self.mean(self.x)), self.w["right"]
        i, v = np.array([[2, 0]]), np.array([[0.3, 0.9]])
        drawn = {"indices": i[0], "weights": v[0]}
        off = np.linalg.norm(self.f.stochastic_gradient(self.x[None], i, v)[0] - self.sampled(self.x, drawn))
        return off, self.w["right"]
