(* A function and a sampling for which the hypotheses of the statements on the method hold together: f(x) = x^2/2 on the
   line, g_v(x) = x + noise or x - noise, each with probability 1/2. *)
Require Import Reals Lra List.
Import ListNotations.
From Samtheory Require Import Order Space Draws Method.
Open Scope R_scope.

Program Definition line : space := Space R Rplus Rmult Rmult _ _ _ _.
Next Obligation. ring. Qed.
Next Obligation. ring. Qed.
Next Obligation. ring. Qed.
Next Obligation. apply Rle_0_sqr. Qed.
Program Definition coin : law bool := Law [(1 / 2, true); (1 / 2, false)] _ _.
Next Obligation. destruct H as [E | [E | []]]; injection E; lra. Qed.
Next Obligation. lra. Qed.
Definition half_square (x : line) : R := x ^ 2 / 2.
Definition identity (x : line) : line := x.
Definition noisy (noise : R) (v : bool) (x : line) : line := Rplus x (if v then noise else - noise).

Lemma norm_line (x : line) : norm x ^ 2 = x ^ 2.
Proof. rewrite norm_square. cbn. ring. Qed.
Lemma unbounded c : exists x : line, c < half_square x - 0.
Proof.
  exists (Rabs c + 2). unfold half_square. pose proof (Rle_abs c). pose proof (Rabs_pos c).
  replace ((Rabs c + 2) ^ 2 / 2) with (Rabs c * Rabs c / 2 + 2 * Rabs c + 2) by field.
  pose proof (Rmult_le_pos _ _ H0 H0). lra.
Qed.
Lemma lipschitz_line noise v (u d : line) : norm (sub (noisy noise v (add u d)) (noisy noise v u)) <= 1 * norm d.
Proof.
  rewrite Rmult_1_l. right. f_equal. unfold sub, noisy. cbn. destruct v; ring.
Qed.

(* A premise of a statement at these functions and at numbers. *)
Ltac premise :=
  first
  [ lra | exact (fun _ _ => unbounded) | apply lipschitz_line
  | exists 1; unfold half_square; lra
  | intros; unfold mean, half_square, identity, noisy; cbn -[pow]; rewrite ?norm_line; nra
  | intros [] ?; unfold identity, noisy; cbn; ring
  | unfold half_square; rewrite Rmult_0_l, exp_0; lra
  | unfold half_square; match goal with |- context [ln ?y] => replace y with 1 by field end; rewrite ln_1; cbn; lra
  | unfold Rmax; repeat destruct (Rle_dec _ _); field_simplify; lra
  | assert (1 < sqrt 5) by (rewrite <- sqrt_1 at 1; apply sqrt_lt_1; lra);
    replace (1 - 0) with 1 by ring; rewrite ?sqrt_1; field_simplify; lra ].
(* What is left of a statement is its conclusion. *)
Ltac premises_of T :=
  let H := fresh in
  pose proof T as H; repeat (specialize (H ltac:(premise))); lazymatch type of H with _ <= _ => exact I end.
