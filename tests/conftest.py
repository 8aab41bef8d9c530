"""What all tests share: one BLAS thread, and Hypothesis examples that are the same on every run."""

import os

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

from hypothesis import settings  # noqa: E402

settings.register_profile("samtheory", deadline=None, derandomize=True, print_blob=True, max_examples=50)
settings.load_profile("samtheory")
