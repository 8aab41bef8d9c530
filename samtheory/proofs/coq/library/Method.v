(* Unified SAM itself: y = x + rho (1 - lam + lam/||g||) g where g <> 0, y = x where g = 0, x+ = x - gamma g_v(y). *)
Require Import Reals Lra.
From Samtheory Require Import Order Space Draws.
Open Scope R_scope.

Section Method.
Context {V : space} {Om : Type}.
Variables (f : V -> R) (grad : V -> V) (g : Om -> V -> V) (gamma rho lam : R).

Definition sub (u w : V) : V := add u (scale (-1) w).
Definition move (v : Om) (x : V) : V :=
  if Req_EM_T (norm (g v x)) 0 then scale 0 (g v x) else scale (rho * (1 - lam + lam / norm (g v x))) (g v x).
Definition perturbed (v : Om) (x : V) : V := add x (move v x).
Definition step (x : V) (v : Om) : V := add x (scale (- gamma) (g v (perturbed v x))).
(* What the gradient changes by. *)
Definition change (v : Om) (x : V) : V := sub (g v (perturbed v x)) (g v x).
(* The law of x_n from x0, with an independent draw from P in each step. *)
Definition iterates (P : law Om) (x0 : V) (n : nat) : law V := paths P x0 (fun _ => step) n.

Lemma norm_scale t (u : V) : 0 <= t -> norm (scale t u) = t * norm u.
Proof.
  intros T. unfold norm. rewrite dot_scale, dot_scale_r, <- Rmult_assoc, sqrt_mult; [| nra | apply dot_nonneg].
  now rewrite sqrt_square.
Qed.
Lemma move_nonzero v x : 0 <= rho -> 0 <= lam -> lam <= 1 -> 0 < norm (g v x) ->
  norm (move v x) = rho * (1 - lam + lam / norm (g v x)) * norm (g v x).
Proof.
  intros R0 L0 L1 N. unfold move. destruct (Req_EM_T (norm (g v x)) 0) as [E | E]; [lra |]. apply norm_scale.
  apply Rmult_le_pos; [exact R0 |]. apply Rplus_le_le_0_compat; [lra |].
  apply Rmult_le_pos; [exact L0 |]. left. now apply Rinv_0_lt_compat.
Qed.
Lemma move_zero v x : 0 = norm (g v x) -> norm (move v x) = 0.
Proof.
  intros N. unfold move. destruct (Req_EM_T (norm (g v x)) 0) as [E | E]; [| lra]. rewrite norm_scale; lra.
Qed.
Lemma move_length v x : 0 <= rho -> 0 <= lam -> lam <= 1 -> norm (move v x) <= rho * ((1 - lam) * norm (g v x) + lam).
Proof.
  intros R0 L0 L1. pose proof (norm_nonneg (g v x)) as [N | Z].
  - rewrite move_nonzero by assumption. right. field. lra.
  - rewrite move_zero by assumption. rewrite <- Z. apply Rmult_le_pos; lra.
Qed.
Lemma gradient_there v x w : dot w (g v (perturbed v x)) = dot w (g v x) + dot w (change v x).
Proof. unfold change, sub. rewrite dot_add_r, dot_scale_r. ring. Qed.
Lemma gradient_there_square v x :
  dot (g v (perturbed v x)) (g v (perturbed v x)) =
  norm (change v x) ^ 2 + norm (g v x) ^ 2 + 2 * dot (change v x) (g v x).
Proof. rewrite !norm_square. unfold change, sub. bilinear. rewrite (dot_sym (g v x) (g v (perturbed v x))). ring. Qed.

Section Assumptions.
Variable L : R.
Hypothesis smooth : forall u d, f (add u d) <= f u + dot (grad u) d + L / 2 * dot d d.
Lemma descent_step v x : f (step x v) <= f x - gamma * dot (grad x) (g v x) - gamma * dot (grad x) (change v x)
  + L / 2 * gamma ^ 2 * (norm (change v x) ^ 2 + norm (g v x) ^ 2 + 2 * dot (change v x) (g v x)).
Proof.
  pose proof (smooth x (scale (- gamma) (g v (perturbed v x)))) as H. fold (step x v) in H.
  rewrite dot_scale, !dot_scale_r, gradient_there, gradient_there_square in H. lra.
Qed.
Lemma descent_gradient x t : f (add x (scale t (grad x))) <= f x + (t + L / 2 * t ^ 2) * norm (grad x) ^ 2.
Proof.
  pose proof (smooth x (scale t (grad x))) as H. rewrite dot_scale, !dot_scale_r, <- norm_square in H. lra.
Qed.
Variable l : Om -> R.
Hypothesis lipschitz : forall v u d, norm (sub (g v (add u d)) (g v u)) <= l v * norm d.
Lemma lipschitz_change v x : norm (change v x) <= l v * norm (move v x).
Proof. apply lipschitz. Qed.
End Assumptions.
End Method.
