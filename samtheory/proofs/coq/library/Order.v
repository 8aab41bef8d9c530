(* Inequalities by certificate: rhs - lhs = sum of m_k gap_k.  Signs are given as terms, never searched. *)
Require Import Reals Lra Lia.
Open Scope R_scope.

Lemma le_by l r s : r - l = s -> 0 <= s -> l <= r.
Proof. intros E H. lra. Qed.
Lemma lt_by l r s : r - l = s -> 0 < s -> l < r.
Proof. intros E H. lra. Qed.
Lemma eq_by l r s : r - l = s -> s = 0 -> l = r.
Proof. intros E H. lra. Qed.

(* One term m (r - l) of a certificate. *)
Lemma term_le m l r : 0 <= m -> l <= r -> 0 <= m * (r - l).
Proof. intros. apply Rmult_le_pos; lra. Qed.
Lemma term_lt m l r : 0 < m -> l < r -> 0 < m * (r - l).
Proof. intros. apply Rmult_lt_0_compat; lra. Qed.
Lemma term_eq m l r : l = r -> m * (r - l) = 0.
Proof. intros ->. ring. Qed.
Lemma zero_le x : x = 0 -> 0 <= x.
Proof. lra. Qed.
Lemma zero_add x y : x = 0 -> y = 0 -> x + y = 0.
Proof. lra. Qed.

(* Signs by form. *)
Lemma pos_nonneg x : 0 < x -> 0 <= x.
Proof. lra. Qed.
Lemma pos_nonzero x : 0 < x -> x <> 0.
Proof. lra. Qed.
Lemma inv_nonneg x : 0 <= x -> 0 <= / x.
Proof.
  intros [H | <-]; [left; now apply Rinv_0_lt_compat | rewrite Rinv_0; lra].
Qed.
Lemma even_nonneg x n : 0 <= x ^ (2 * n).
Proof. rewrite pow_mult. apply pow_le, pow2_ge_0. Qed.
Lemma max_nonneg_l x y : 0 <= x -> 0 <= Rmax x y.
Proof. intros. apply Rle_trans with x; [assumption | apply Rmax_l]. Qed.
Lemma max_nonneg_r x y : 0 <= y -> 0 <= Rmax x y.
Proof. intros. apply Rle_trans with y; [assumption | apply Rmax_r]. Qed.
Lemma max_pos_l x y : 0 < x -> 0 < Rmax x y.
Proof. intros. apply Rlt_le_trans with x; [assumption | apply Rmax_l]. Qed.
Lemma max_pos_r x y : 0 < y -> 0 < Rmax x y.
Proof. intros. apply Rlt_le_trans with y; [assumption | apply Rmax_r]. Qed.
Lemma min_nonneg x y : 0 <= x -> 0 <= y -> 0 <= Rmin x y.
Proof. apply Rmin_glb. Qed.
Lemma min_pos x y : 0 < x -> 0 < y -> 0 < Rmin x y.
Proof. apply Rmin_glb_lt. Qed.
Lemma named_nonneg x y : x = y -> 0 <= y -> 0 <= x.
Proof. lra. Qed.
Lemma named_pos x y : x = y -> 0 < y -> 0 < x.
Proof. lra. Qed.
Lemma INR_pos n : (0 < n)%nat -> 0 < INR n.
Proof. apply lt_0_INR. Qed.
Lemma INR_0 : INR 0 = 0.
Proof. reflexivity. Qed.
Lemma INR_pred n : 0 < INR n -> INR (Nat.pred n) = INR n - 1.
Proof. destruct n as [| n]; [cbn; lra |]. rewrite S_INR. cbn [Nat.pred]. lra. Qed.

(* A maximum or minimum of several numbers is nested from the left. *)
Lemma max_below_l x y z : z <= x -> z <= Rmax x y.
Proof. intros. apply Rle_trans with x; [assumption | apply Rmax_l]. Qed.
Lemma max_below_r x y z : z <= y -> z <= Rmax x y.
Proof. intros. apply Rle_trans with y; [assumption | apply Rmax_r]. Qed.
Lemma min_above_l x y z : x <= z -> Rmin x y <= z.
Proof. intros. apply Rle_trans with x; [apply Rmin_l | assumption]. Qed.
Lemma min_above_r x y z : y <= z -> Rmin x y <= z.
Proof. intros. apply Rle_trans with y; [apply Rmin_r | assumption]. Qed.

(* Roots, exponentials, powers. *)
Lemma root_le x y : x ^ 2 <= y ^ 2 -> 0 <= y -> x <= y.
Proof. intros H Y. destruct (Rle_lt_dec x y) as [A | A]; [exact A |]. exfalso. nra. Qed.
Lemma tangent u : 1 + u <= exp u.
Proof. apply exp_ineq1_le. Qed.
Lemma exp_ln_quotient u y : 0 < y -> exp (u - ln y) = exp u / y.
Proof. intros. unfold Rminus. rewrite exp_plus, exp_Ropp, exp_ln by assumption. reflexivity. Qed.
Lemma e_nonneg : 0 <= exp 1.
Proof. left. apply exp_pos. Qed.
Lemma three_minus_e : 0 <= 3 + (-1) * exp 1.
Proof. pose proof exp_le_3. lra. Qed.

(* Signs of what `field` divides by after clearing fractions. *)
Ltac nonnegative :=
  first [ assumption | left; assumption
        | match goal with
          | |- 0 <= _ + _ => apply Rplus_le_le_0_compat; nonnegative
          | |- 0 <= _ * _ => apply Rmult_le_pos; nonnegative
          | |- 0 <= _ ^ 2 => apply pow2_ge_0
          | |- 0 <= _ ^ _ => apply pow_le; nonnegative
          | |- 0 <= sqrt _ => apply sqrt_pos
          end
        | lra ].
Ltac positive :=
  first [ assumption
        | match goal with
          | |- 0 < _ + _ => first [ apply Rplus_lt_le_0_compat; [positive | nonnegative]
                                  | apply Rplus_le_lt_0_compat; [nonnegative | positive] ]
          | |- 0 < _ * _ => apply Rmult_lt_0_compat; positive
          | |- 0 < _ ^ _ => apply pow_lt; positive
          | |- 0 < sqrt _ => apply sqrt_lt_R0; positive
          end
        | lra ].
Ltac nonzero :=
  first [ assumption
        | match goal with
          | Z : ?y <> 0 |- ?x <> 0 => solve [ intro; apply Z; transitivity x; [ring | assumption] ]
          | Z : ?y <> 0 |- ?x <> 0 => solve [ intro; apply Z; transitivity (- x); [ring | lra] ]
          | Z : ?y <> 0 |- ?x <> 0 => solve [ let H := fresh in intro H; apply Z; rewrite H; ring ]
          end
        | apply pos_nonzero, exp_pos
        | apply pow_nonzero; nonzero
        | apply pos_nonzero; positive
        | lra ].
Ltac nonzeros := repeat split; nonzero.
Lemma exp_pow u n : exp u ^ n = exp (INR n * u).
Proof.
  induction n as [| n IH]; [cbn [pow INR]; now rewrite Rmult_0_l, exp_0 |].
  rewrite S_INR. cbn [pow]. rewrite IH, <- exp_plus. f_equal. ring.
Qed.
Lemma tangent_ln u y : 0 < y -> 1 + (u - ln y) <= exp u / y.
Proof. intros Y. rewrite <- exp_ln_quotient by exact Y. apply tangent. Qed.
Lemma scaled_max_le m x y z : m * x <= z -> m * y <= z -> m * Rmax x y <= z.
Proof. intros. unfold Rmax. now destruct (Rle_dec x y). Qed.
Lemma scaled_max_lt m x y z : m * x < z -> m * y < z -> m * Rmax x y < z.
Proof. intros. unfold Rmax. now destruct (Rle_dec x y). Qed.
Lemma scaled_min_le m x y z : z <= m * x -> z <= m * y -> z <= m * Rmin x y.
Proof. intros. unfold Rmin. now destruct (Rle_dec x y). Qed.
Lemma scaled_min_lt m x y z : z < m * x -> z < m * y -> z < m * Rmin x y.
Proof. intros. unfold Rmin. now destruct (Rle_dec x y). Qed.

(* Induction over times from a on. *)
Lemma from_to (P : nat -> Prop) a : P a -> (forall k, (a <= k)%nat -> P k -> P (S k)) -> forall k, (a <= k)%nat -> P k.
Proof. intros B I k H. induction H; [exact B | now apply I]. Qed.
Lemma within_strict k x : INR (S k) <= x -> INR k < x.
Proof. rewrite S_INR. lra. Qed.
Lemma within_before k x : INR (S k) <= x -> INR k <= (-1) + x.
Proof. rewrite S_INR. lra. Qed.

(* A function without a bound has no line above it that is less steep. *)
Lemma slope_of_unbounded {A} (f : A -> R) p q r :
  (forall c, exists x, c < f x) -> (forall x, p * f x <= q * f x + r) -> p <= q.
Proof.
  intros U H. destruct (Rle_lt_dec p q) as [G | G]; [exact G | exfalso].
  destruct (U (Rabs r / (p - q))) as [x X]. pose proof (H x) as L. pose proof (Rle_abs r).
  assert ((p - q) * (Rabs r / (p - q)) < (p - q) * f x) by (apply Rmult_lt_compat_l; lra).
  replace ((p - q) * (Rabs r / (p - q))) with (Rabs r) in * by (field; lra). lra.
Qed.

(* Powers with half of a time in the exponent: r^(n - k) <= r^(n/2) where 0 < r <= 1 and 2 k <= n. *)
Lemma pow_decreasing r m n : 0 < r -> r <= 1 -> (m <= n)%nat -> r ^ n <= r ^ m.
Proof.
  intros P L H. induction H as [| n H IH]; [lra |]. cbn [pow].
  pose proof (pow_lt r n P). apply Rle_trans with (1 * r ^ n); [apply Rmult_le_compat_r; lra | lra].
Qed.
Lemma half_power r n k : 0 < r -> r <= 1 -> (2 * k <= n)%nat -> r ^ n * / r ^ k <= sqrt (r ^ n).
Proof.
  intros P L H. pose proof (pow_lt r n P) as N. pose proof (pow_lt r k P) as K.
  apply root_le; [| apply sqrt_pos]. rewrite pow2_sqrt by lra.
  replace ((r ^ n * / r ^ k) ^ 2) with (r ^ n * (r ^ n * / r ^ (2 * k))).
  2:{ replace (r ^ (2 * k)) with (r ^ k * r ^ k) by (rewrite <- pow_add; f_equal; lia). field. lra. }
  rewrite <- (Rmult_1_r (r ^ n)) at 3. apply Rmult_le_compat_l; [lra |].
  apply Rmult_le_reg_r with (r ^ (2 * k)); [now apply pow_lt |].
  rewrite Rmult_assoc, Rinv_l, Rmult_1_r, Rmult_1_l by (apply pow_nonzero; lra). now apply pow_decreasing.
Qed.
Lemma INR_half k n : INR n / 2 <= INR n - INR k -> (2 * k <= n)%nat.
Proof. intros H. apply INR_le. rewrite mult_INR. change (INR 2) with (1 + 1). lra. Qed.
