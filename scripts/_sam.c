/* The kernel `span` of samtheory/engine/kernels.py, statement for statement: the limit that `benchmark` compares with. */

#include <math.h>
#include <stdint.h>

static double slope(int64_t loss, double t, double b)
{
    if (loss == 0)
        return t - b;
    const double s = -b * t, e = exp(-fabs(s));
    return -b * ((s >= 0 ? 1.0 : e) / (1.0 + e));
}

static double dot(const double *restrict a, const double *restrict x, int64_t d)
{
    double total = 0;
    for (int64_t k = 0; k < d; k++)
        total += a[k] * x[k];
    return total;
}

/* index and weight (trials, T), parameters (schedules, T), S (rows, width), u (rows, width) with dual, scalars (rows, 4) */
void span(const double *M, const double *b, const double *norms2, int64_t width, int64_t loss, double reg, int64_t dual,
          const int64_t *index, const double *weight, int64_t trials, int64_t schedules, int64_t T, const double *gamma,
          const double *rho, const double *lam, double *S, double *u, double *scalars)
{
    for (int64_t t = 0; t < T; t++)
        for (int64_t j = 0; j < trials * schedules; j++) {
            const int64_t trial = j / schedules, schedule = j % schedules, i = index[trial * T + t];
            const double *restrict row = M + i * width;
            double *restrict x = S + j * width, *restrict own = scalars + 4 * j;
            const double v = weight[trial * T + t], r = v * reg;
            const double z = dual ? x[i] : dot(row, x, width);
            const double c = v * slope(loss, z, b[i]), ag = c * norms2[i] + r * z;
            const double lam_t = lam[schedule * T + t], rho_t = rho[schedule * T + t], gamma_t = gamma[schedule * T + t];
            double s = rho_t * (1 - lam_t);
            if (rho_t * lam_t > 0) {
                const double rx2 = r > 0 ? r * r * (dual ? own[2] : dot(x, x, width)) : 0;
                const double g2 = c * (ag + r * z) + rx2;
                if (g2 > 0)
                    s += rho_t * lam_t / sqrt(g2);
            }
            const double p = 1 - gamma_t * r * (1 + r * s);
            const double q = -gamma_t * (v * slope(loss, z + s * ag, b[i]) + r * s * c);
            for (int64_t k = 0; k < width; k++)
                x[k] = p * x[k] + q * row[k];
            if (dual) {
                own[0] *= p;
                own[1] *= p;
                u[j * width + i] += q / own[1];
                own[2] = p * (p * own[2] + 2 * q * z) + q * q * norms2[i];
            }
        }
}
