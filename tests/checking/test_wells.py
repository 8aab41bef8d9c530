"""What lies beside the usual path is found where looking for it is cheap."""

import attacks
import pytest

WELLS = ["well-of-width-0.6-at--7", "well-of-width-0.1-at-5", "well-of-width-0.3-at--20", "well-of-width-0.03-at-4"]
IN_THE_PLANE = ["well-of-width-0.3-at--3-in-the-plane", "well-of-width-0.6-at--8-in-the-plane"]
GRADIENTS = ["clipped-at-10000", "kink-of-width-0.1-at-3.3", "wrong-sign-below--20", "wrong-sign-below--500"]


@pytest.mark.parametrize("case", [*WELLS, *IN_THE_PLANE, *GRADIENTS])
def test_a_second_well_and_a_wrong_gradient_far_out_are_found(case):
    """Each was missed by the searches that start from minimisers and the start alone."""
    verdicts = attacks.judged("wells", case)
    assert [name for name in attacks.false_claims("wells", case) if verdicts.of[name] == "falsified"]
