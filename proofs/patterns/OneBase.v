(******************************************************************************)
(* 8.1 and 8.2: in a pattern that stands for ever every token has the bases 1 *)
(* and lam only. Distinct tokens, a symmetric and definite form, over any     *)
(* ordered field. P, s are as in Pattern.v, Q_i is the mean of P over C_i.    *)
(*                                                                            *)
(*   rank b Z i         the number of tokens of greater norm than token i     *)
(*   ones_exist         8.2: one_base lam z s P for some s and P, where the   *)
(*                      degree of P_i is less than rank b Z i                 *)
(*   own_attention_rests   8.1: i rests iff i is in C_i                       *)
(*   ones_fixed_own     P_i = 0 iff i is in C_i                               *)
(*   ones_degree        if Q_i has degree m, P_i has degree m + 1, and the    *)
(*                      leading coefficients a, b satisfy (m+1) a = alpha b   *)
(*   ones_constant      P_i is constant iff Q_i = 0                           *)
(*   ones_degree_inv    if P_i has degree m, then m = 0 and Q_i = 0, or Q_i   *)
(*                      has degree m - 1                                      *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory ClosedForm Pattern OwnAttention.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section OneBase.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R).
Hypotheses (w_gt0 : forall i, (0 < w i)%N) (alpha_gt0 : 0 < alpha).
Hypotheses (bC : symmetric_form b) (b_pd : posdef b).
Variables (Z : I -> V) (C : I -> {set I}).
Hypotheses (Z_inj : injective Z) (Cstands : stands b w alpha Z C).
Local Notation z := (run b w alpha Z).
Local Notation lam := (lam alpha).
Local Notation gam := (gam alpha).

Definition rank i := #|[set l | sq b (Z i) < sq b (Z l)]|.
Lemma rank_lt i j : j \in C i -> j != i -> (rank j < rank i)%N.
Proof.
rewrite -(Cstands 0%N i) => /(edge_lt bC b_pd Z_inj) H /H lt; apply: proper_card.
apply/properP; split; first by apply/subsetP => l; rewrite !inE; apply: lt_trans.
by exists j; rewrite !inE ?ltxx.
Qed.
Lemma follow_solution i s Q m : i \notin C i -> degree_lt m Q ->
  (forall t, target b w (z t) i = s + lam ^+ t *: Q t) ->
  exists2 P, degree_lt m.+1 P & forall t, z t i = s + lam ^+ t *: P t.
Proof.
move=> iC HQ E; exists (fun t => (Z i - s) + alpha *: antidif Q t) => [|t].
  apply: degree_ltD; first by apply: (degree_lt_le _ (degree_lt_const _)).
  by move=> k; rewrite difsZ (degree_lt_antidif HQ) scaler0.
elim: t => [|t IH]; first by rewrite /antidif big_ord0 scaler0 addr0 scale1r addrC subrK.
rewrite runS layerE E IH /antidif big_ord_recr /=; move: (\sum_(_ < t) _) (Z i - s) => u v.
rewrite !scalerDr !scalerA -!exprS; set p := lam ^+ t.+1.
have -> : gam * lam ^+ t = p * alpha by rewrite /p exprS /Layer.gam -mulrA mulrC.
rewrite -addrA -[in RHS](scale1r s) -(lam_gam alpha_gt0) scalerDl addrACA.
by rewrite -!addrA; congr (_ + _); rewrite addrCA.
Qed.
Theorem ones_exist : exists s P, one_base lam z s P /\ forall i, degree_lt (rank i) (P i).
Proof.
pose T i (f : V * (nat -> V)) :=
  degree_lt (rank i) f.2 /\ forall t, z t i = f.1 + lam ^+ t *: f.2 t.
suff /fin_all_exists[f Hf] : forall i, exists f, T i f.
  exists (fun i => (f i).1), (fun i => (f i).2); split=> [|i]; last by have [] := Hf i.
  by split=> [i|t i]; have [H E] := Hf i; first exists (rank i).
move=> i; have [n] := ubnP (rank i); elim: n i => // n IH i; rewrite ltnS => rn.
have /fin_all_exists[f Hf] : forall j, exists f, j \in C i -> j != i -> T j f.
  move=> j; have [/andP[jC ji]|no] := boolP ((j \in C i) && (j != i)); last first.
    by exists (0, fun=> 0) => jC ji; rewrite jC ji in no.
  by have [f] := IH j (leq_trans (rank_lt jC ji) rn); exists f.
have others j t : j \in C i -> j != i -> z t j = (f j).1 + lam ^+ t *: (f j).2 t.
  by move=> jC ji; have [_] := Hf j jC ji.
have [iC|iC] := boolP (i \in C i).
  pose P j := if (j \in C i) && (j != i) then (f j).2 else fun=> 0.
  have HP j : polynomial_in (P j).
    rewrite /P; case: ifP => [/andP[jC ji]|_]; last exact: polynomial_const.
    by have [H _] := Hf j jC ji; exists (rank j).
  have still : rests z i.
    apply: (own_attention w_gt0 alpha_gt0 Cstands b_pd iC HP (s := fun j => (f j).1)).
    by move=> j t jC ji; rewrite /P jC ji others.
  exists (Z i, fun=> 0); split=> [|t]; first exact: degree_lt0.
  by rewrite scaler0 addr0 still.
have ji j : j \in C i -> j != i by apply: contraTneq => ->.
pose s := mean w (fun j => (f j).1) (C i); pose Q t := mean w (fun j => (f j).2 t) (C i).
have [j jC] := attn_ex b Z i; rewrite -[Z]/(z 0) Cstands in jC.
have r0 : (0 < rank i)%N := leq_ltn_trans (leq0n _) (rank_lt jC (ji j jC)).
have [|t|P HP E] := @follow_solution i s Q (rank i).-1 iC.
- move=> k; rewrite difsZ (degree_lt_sum (m := (rank i).-1)) ?scaler0 // => l lC h.
  have [H _] := Hf l lC (ji l lC); rewrite difsZ (degree_lt_le _ H) ?scaler0 //.
  by rewrite -ltnS prednK // rank_lt // ji.
- rewrite /target Cstands (eq_mean w (Z' := fun j => (f j).1 + lam ^+ t *: (f j).2 t)).
    by rewrite -/(means _ _ _ _) meansD meansZ.
  by move=> l lC; rewrite others ?ji.
by exists (s, P); split=> //=; rewrite prednK // in HP.
Qed.

Theorem own_attention_rests i : rests z i <-> i \in C i.
Proof.
split=> [|iC]; first exact: (rests_own w_gt0 alpha_gt0 Cstands).
have [s [P [ones _]]] := ones_exist.
by apply: (own_attention w_gt0 alpha_gt0 Cstands b_pd iC ones.1) => j t _ _; apply: ones.2.
Qed.

Variables (s : I -> V) (P : I -> nat -> V).
Hypothesis ones : one_base lam z s P.
Local Notation Q i t := (mean w (fun j => P j t) (C i)).
Let step i t : P i t.+1 - P i t = alpha *: Q i t.
Proof. exact: (ones_step alpha_gt0 Cstands ones). Qed.
Theorem ones_fixed_own i : (forall t, P i t = 0) <-> i \in C i.
Proof. exact: iff_trans (iff_sym (ones_fixed alpha_gt0 ones i)) (own_attention_rests i). Qed.
Theorem ones_degree i m : has_degree m (fun t => Q i t) ->
  has_degree m.+1 (P i) /\ difs m.+1 (P i) 0 = alpha *: difs m (fun t => Q i t) 0.
Proof. exact: (has_degree_step (lt0r_neq0 alpha_gt0) (step i)). Qed.
Theorem ones_constant i : (forall t, P i t = P i 0%N) <-> forall t, Q i t = 0.
Proof.
split=> H t.
  by have /eqP := step i t; rewrite !H subrr eq_sym scaler_eq0 gt_eqF //= => /eqP.
by elim: t => // t <-; apply/eqP; rewrite -subr_eq0 step H scaler0.
Qed.
Theorem ones_degree_inv i m : has_degree m (P i) ->
  (m = 0%N /\ forall t, Q i t = 0) \/ has_degree m.-1 (fun t => Q i t).
Proof.
move=> H; have HQ := polynomial_means C ones i.
have [Q0|[n /[dup] Hn /ones_degree[HP _]]] := polynomial_degree HQ.
  left; split=> //; apply: (has_degreeP H); split=> [k|].
    by rewrite /= /dif !(proj2 (ones_constant i) Q0) subrr.
  apply/eqP => P0; apply: (has_degree_neq0 H) => t; rewrite (proj2 (ones_constant i) Q0).
  exact: P0.
by right; rewrite (has_degreeP H HP).
Qed.
End OneBase.
