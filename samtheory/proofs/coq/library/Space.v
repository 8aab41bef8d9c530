(* A real inner-product space. *)
Require Import Reals Lra Psatz.
Open Scope R_scope.

Record space := Space {
  carrier :> Type;
  add : carrier -> carrier -> carrier;
  scale : R -> carrier -> carrier;
  dot : carrier -> carrier -> R;
  dot_sym : forall u v, dot u v = dot v u;
  dot_add : forall u v w, dot (add u v) w = dot u w + dot v w;
  dot_scale : forall a u v, dot (scale a u) v = a * dot u v;
  dot_nonneg : forall u, 0 <= dot u u
}.
Arguments add {s}. Arguments scale {s}. Arguments dot {s}.
Arguments dot_sym {s}. Arguments dot_add {s}. Arguments dot_scale {s}. Arguments dot_nonneg {s}.

Section Space.
Context {V : space}.
Implicit Types u v w : V.
Definition norm u := sqrt (dot u u).
Lemma norm_nonneg u : 0 <= norm u.
Proof. apply sqrt_pos. Qed.
Lemma norm_square u : norm u ^ 2 = dot u u.
Proof. apply pow2_sqrt, dot_nonneg. Qed.
Lemma dot_add_r u v w : dot u (add v w) = dot u v + dot u w.
Proof. now rewrite dot_sym, dot_add, (dot_sym v), (dot_sym w). Qed.
Lemma dot_scale_r a u v : dot u (scale a v) = a * dot u v.
Proof. now rewrite dot_sym, dot_scale, (dot_sym v). Qed.

(* The discriminant of s -> ||s u + t v||^2. *)
Lemma schwarz_square u v : dot u v ^ 2 <= dot u u * dot v v.
Proof.
  assert (Q : forall s t, 0 <= s ^ 2 * dot u u + 2 * s * t * dot u v + t ^ 2 * dot v v).
  { intros s t. pose proof (dot_nonneg (add (scale s u) (scale t v))) as H.
    rewrite dot_add, !dot_scale, !dot_add_r, !dot_scale_r, (dot_sym v u) in H. lra. }
  pose proof (dot_nonneg v) as [P | Z].
  - pose proof (Q (dot v v) (- dot u v)) as H.
    assert (0 <= dot v v * (dot u u * dot v v - dot u v ^ 2)) by lra.
    destruct (Rle_lt_dec (dot u v ^ 2) (dot u u * dot v v)); [assumption |].
    assert (dot v v * (dot u u * dot v v - dot u v ^ 2) < dot v v * 0) by (apply Rmult_lt_compat_l; lra). lra.
  - destruct (Req_dec (dot u v) 0) as [-> | N]; [rewrite <- Z; lra |].
    exfalso. pose proof (Q 1 (- (dot u u + 1) / (2 * dot u v))) as H. rewrite <- Z in H.
    replace (1 ^ 2 * dot u u + 2 * 1 * (- (dot u u + 1) / (2 * dot u v)) * dot u v
             + (- (dot u u + 1) / (2 * dot u v)) ^ 2 * 0) with (-1) in H by (now field). lra.
Qed.
Lemma schwarz u v : Rabs (dot u v) <= norm u * norm v.
Proof.
  rewrite <- (Rabs_pos_eq (norm u * norm v)) by (apply Rmult_le_pos; apply norm_nonneg).
  apply Rsqr_le_abs_0. rewrite !Rsqr_pow2, Rpow_mult_distr, !norm_square. apply schwarz_square.
Qed.
Lemma schwarz_above u v : dot u v <= norm u * norm v.
Proof. eapply Rle_trans; [apply Rle_abs | apply schwarz]. Qed.
Lemma schwarz_below u v : - dot u v <= norm u * norm v.
Proof. eapply Rle_trans; [apply Rle_abs |]. rewrite Rabs_Ropp. apply schwarz. Qed.
End Space.

(* The inner product of linear combinations as a polynomial in those of their vectors. *)
Ltac bilinear := repeat rewrite ?dot_add, ?dot_scale, ?dot_add_r, ?dot_scale_r.

(* The square of a combination, in the norms of its vectors and the inner products of each with those after it. *)
Section Gram.
Context {V : space}.
Fixpoint row (l : list (R * V)) (w : V) : R := match l with nil => 0 | cons (c, u) r => c * dot w u + row r w end.
Fixpoint gram (l : list (R * V)) : R :=
  match l with nil => 0 | cons (c, u) r => c * c * norm u ^ 2 + 2 * c * row r u + gram r end.
Lemma gram_vector (o : V) l : exists z, (forall w, dot w z = row l w) /\ dot z z = gram l.
Proof.
  induction l as [| [c u] r [z [Z ZZ]]].
  - exists (scale 0 o). split; intros; simpl; rewrite dot_scale_r; ring.
  - exists (add (scale c u) z). split.
    + intros w. simpl. now rewrite dot_add_r, dot_scale_r, Z.
    + cbn [gram]. rewrite norm_square, <- ZZ, <- Z, dot_add, !dot_add_r, !dot_scale, !dot_scale_r, (dot_sym z u). ring.
Qed.
Lemma gram_nonneg l : 0 <= gram l.
Proof.
  destruct l as [| [c u] r]; [simpl; lra |]. destruct (gram_vector u (cons (c, u) r)) as [z [_ <-]]. apply dot_nonneg.
Qed.
End Gram.
