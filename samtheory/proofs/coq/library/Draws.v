(* The law of a draw with finitely many values, and the mean over it. *)
Require Import Reals Lra Psatz List.
Import ListNotations.
Open Scope R_scope.

Fixpoint total {A} (l : list (R * A)) (X : A -> R) : R :=
  match l with [] => 0 | (p, a) :: r => p * X a + total r X end.
Record law (A : Type) := Law {
  weights : list (R * A);
  weights_nonneg : forall p a, In (p, a) weights -> 0 <= p;
  weights_one : total weights (fun _ => 1) = 1
}.
Arguments Law {A}. Arguments weights {A}. Arguments weights_nonneg {A}. Arguments weights_one {A}.
Definition mean {A} (P : law A) (X : A -> R) : R := total (weights P) X.

Section Mean.
Context {A : Type}.
Lemma total_add l (X Y : A -> R) : total l (fun a => X a + Y a) = total l X + total l Y.
Proof. induction l as [| [p a] r IH]; simpl; [lra | rewrite IH; ring]. Qed.
Lemma total_scale l c (X : A -> R) : total l (fun a => c * X a) = c * total l X.
Proof. induction l as [| [p a] r IH]; simpl; [lra | rewrite IH; ring]. Qed.
Lemma total_ext l (X Y : A -> R) : (forall a, X a = Y a) -> total l X = total l Y.
Proof. intros H. induction l as [| [p a] r IH]; simpl; [lra | rewrite IH, H; ring]. Qed.
Lemma total_le l (X Y : A -> R) :
  (forall p a, In (p, a) l -> 0 <= p) -> (forall a, X a <= Y a) -> total l X <= total l Y.
Proof.
  intros P H. induction l as [| [p a] r IH]; simpl; [lra |].
  apply Rplus_le_compat.
  - apply Rmult_le_compat_l; [apply (P p a); now left | apply H].
  - apply IH. intros q b I. apply (P q b). now right.
Qed.
Variable P : law A.
Lemma mean_add X Y : mean P (fun a => X a + Y a) = mean P X + mean P Y.
Proof. apply total_add. Qed.
Lemma mean_scale c X : mean P (fun a => c * X a) = c * mean P X.
Proof. apply total_scale. Qed.
Lemma mean_one : mean P (fun _ => 1) = 1.
Proof. apply weights_one. Qed.
Lemma mean_const c : mean P (fun _ => c) = c.
Proof.
  transitivity (mean P (fun _ => c * 1)); [apply total_ext; intros; ring |]. rewrite mean_scale, mean_one. ring.
Qed.
Lemma mean_ext X Y : (forall a, X a = Y a) -> mean P X = mean P Y.
Proof. apply total_ext. Qed.
Lemma mean_le X Y : (forall a, X a <= Y a) -> mean P X <= mean P Y.
Proof. apply total_le, weights_nonneg. Qed.
Lemma mean_nonneg X : (forall a, 0 <= X a) -> 0 <= mean P X.
Proof. intros H. rewrite <- (mean_const 0). now apply mean_le. Qed.
Lemma law_inhabited : inhabited A.
Proof.
  destruct (weights P) as [| [p a] r] eqn:E; [| now constructor].
  exfalso. pose proof (weights_one P) as H. rewrite E in H. simpl in H. lra.
Qed.
(* The mean is linear. *)
Fixpoint sum (l : list (R * (A -> R))) (a : A) : R := match l with [] => 0 | (c, X) :: r => c * X a + sum r a end.
Fixpoint sum_of_means (l : list (R * (A -> R))) : R := match l with [] => 0 | (c, X) :: r => c * mean P X + sum_of_means r end.
Lemma mean_sum l : mean P (sum l) = sum_of_means l.
Proof.
  induction l as [| [c X] r IH]; simpl; [apply mean_const |].
  rewrite <- IH, <- mean_scale, <- mean_add. reflexivity.
Qed.
Lemma mean_linear X l : (forall a, X a = sum l a) -> mean P X = sum_of_means l.
Proof. intros H. rewrite (mean_ext X (sum l) H). apply mean_sum. Qed.
(* The mean of an inequality between sums. *)
Lemma mean_sums_le X Y l r : (forall a, X a <= Y a) -> (forall a, X a = sum l a) -> (forall a, Y a = sum r a) ->
  sum_of_means l <= sum_of_means r.
Proof. intros H L S. rewrite <- (mean_linear X l L), <- (mean_linear Y r S). now apply mean_le. Qed.
Lemma mean_sums_eq X Y l r : (forall a, X a = Y a) -> (forall a, X a = sum l a) -> (forall a, Y a = sum r a) ->
  sum_of_means l = sum_of_means r.
Proof. intros H L S. rewrite <- (mean_linear X l L), <- (mean_linear Y r S). now apply mean_ext. Qed.
(* Cauchy-Schwarz in L2(P). *)
Lemma mean_schwarz X Y : mean P (fun a => X a * Y a) ^ 2 <= mean P (fun a => X a ^ 2) * mean P (fun a => Y a ^ 2).
Proof.
  assert (Q : forall s t, 0 <= s ^ 2 * mean P (fun a => X a ^ 2) + 2 * s * t * mean P (fun a => X a * Y a)
                             + t ^ 2 * mean P (fun a => Y a ^ 2)).
  { intros s t. rewrite <- !mean_scale, <- !mean_add. apply mean_nonneg. intros a.
    replace (s ^ 2 * X a ^ 2 + 2 * s * t * (X a * Y a) + t ^ 2 * Y a ^ 2) with ((s * X a + t * Y a) ^ 2) by ring.
    apply pow2_ge_0. }
  set (u := mean P (fun a => X a ^ 2)) in *. set (b := mean P (fun a => X a * Y a)) in *.
  set (v := mean P (fun a => Y a ^ 2)) in *.
  assert (V : 0 <= v) by (pose proof (Q 0 1); lra).
  destruct V as [V | Z].
  - pose proof (Q v (- b)) as H. assert (0 <= v * (u * v - b ^ 2)) by lra.
    destruct (Rle_lt_dec (b ^ 2) (u * v)); [assumption |].
    assert (v * (u * v - b ^ 2) < v * 0) by (apply Rmult_lt_compat_l; lra). lra.
  - destruct (Req_dec b 0) as [-> | N]; [rewrite <- Z; lra |].
    exfalso. pose proof (Q 1 (- (u + 1) / (2 * b))) as H. rewrite <- Z in H.
    replace (1 ^ 2 * u + 2 * 1 * (- (u + 1) / (2 * b)) * b + (- (u + 1) / (2 * b)) ^ 2 * 0) with (-1) in H by (now field).
    lra.
Qed.
Lemma mean_schwarz_root X Y x y : mean P (fun a => X a ^ 2) = x ^ 2 -> mean P (fun a => Y a ^ 2) = y ^ 2 ->
  0 <= x -> 0 <= y -> mean P (fun a => X a * Y a) <= x * y.
Proof.
  intros EX EY X0 Y0. pose proof (mean_schwarz X Y) as H. rewrite EX, EY in H.
  assert (0 <= x * y) by now apply Rmult_le_pos.
  destruct (Rle_lt_dec (mean P (fun a => X a * Y a)) (x * y)); [assumption | exfalso; nra].
Qed.
End Mean.
Arguments sum {A}. Arguments sum_of_means {A}.

(* All paths: the law of x_{k+1} from that of x_k and the step number k. *)
Section Paths.
Context {X D : Type}.
Variable P : law D.
Definition follow (next : X -> D -> X) (l : list (R * X)) : list (R * X) :=
  flat_map (fun px => map (fun qd => (fst px * fst qd, next (snd px) (snd qd))) (weights P)) l.
Lemma total_app (l r : list (R * X)) Y : total (l ++ r) Y = total l Y + total r Y.
Proof. induction l as [| [p a] l IH]; simpl; [lra | rewrite IH; ring]. Qed.
Lemma total_follow next l Y : total (follow next l) Y = total l (fun x => mean P (fun d => Y (next x d))).
Proof.
  unfold follow, mean. induction l as [| [p x] l IH]; simpl; [reflexivity |]. rewrite total_app, IH. f_equal.
  clear IH l. induction (weights P) as [| [q d] r IH]; simpl; [ring | rewrite IH; ring].
Qed.
Program Definition one (x : X) : law X := Law [(1, x)] _ _.
Next Obligation. destruct H as [E | []]; [inversion E; lra]. Qed.
Next Obligation. lra. Qed.
Program Definition after (next : X -> D -> X) (l : law X) : law X := Law (follow next (weights l)) _ _.
Next Obligation.
  unfold follow in H. apply in_flat_map in H as [[q x] [H1 H2]]. apply in_map_iff in H2 as [[r d] [E H2]].
  inversion E; subst; simpl. apply Rmult_le_pos; [now apply (weights_nonneg l q x) | now apply (weights_nonneg P r d)].
Qed.
Next Obligation.
  rewrite total_follow, (total_ext _ _ (fun _ => 1)); [apply weights_one | intros; apply mean_one].
Qed.
Fixpoint paths (x : X) (next : nat -> X -> D -> X) (n : nat) : law X :=
  match n with O => one x | S k => after (next k) (paths x next k) end.
(* The mean over x_{n+1} is the mean over x_n of that over the draw. *)
Lemma tower x next n Y :
  mean (paths x next (S n)) Y = mean (paths x next n) (fun x => mean P (fun d => Y (next n x d))).
Proof. apply total_follow. Qed.
Lemma mean_start x next Y : mean (paths x next 0) Y = Y x.
Proof. unfold mean. simpl. ring. Qed.
End Paths.
