(******************************************************************************)
(* 8.1: in a pattern that stands for ever a token is in its own attention set *)
(* iff it rests. Distinct tokens, a symmetric and definite form, over any     *)
(* ordered field.                                                             *)
(*                                                                            *)
(*   solve              r P(t+1) - q P(t) = Q(t) has a solution P of no       *)
(*                      greater degree, if r != q                             *)
(*   slow_solution      e(t+1) = mu e(t) + c + lam^t Q(t): e has the bases    *)
(*                      1, lam (with a polynomial) and mu (with a constant)   *)
(*   orthogonal_steps   such an e, lam < mu < 1, with <e(t), e(t+1) - e(t)>   *)
(*                      = 0 for all t is constant                             *)
(*   own_attention      if i is in C_i, and the other tokens of C_i have the  *)
(*                      bases 1 and lam only, i rests                         *)
(*   rests_own          a token that rests is in its own attention set        *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra ssrAC ring.
From Hardmax Require Import Theory Pattern.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Recursion.
Variables (R : realFieldType) (V : lmodType R).
Implicit Types (P Q e : nat -> V) (r q : R).
Lemma solve r q m Q : r != q -> degree_lt m Q ->
  exists2 P, degree_lt m P & forall t, r *: P t.+1 - q *: P t = Q t.
Proof.
move=> rq; elim: m Q => [|m IH] Q HQ.
  by exists (fun=> 0) => [|t]; [apply: degree_lt0|rewrite !scaler0 subrr (HQ t : Q t = 0)].
pose c := (r - q)^-1; have [|P HP E] := IH (fun t => - (c * r) *: dif Q t).
  by move=> k; rewrite difsZ ((degree_ltS m Q).1 HQ) scaler0.
exists (fun t => c *: Q t + P t) => [|t].
  apply: degree_ltD; last exact: degree_ltW.
  by move=> k; rewrite difsZ HQ scaler0.
have rq0 : r - q != 0 by rewrite subr_eq0.
rewrite !scalerDr opprD addrACA E (difS Q) scalerDr scalerDr !scalerA scaleNr (mulrC r c).
by rewrite addrAC addrK -scalerBl (mulrC q) -mulrBr mulVf ?scale1r.
Qed.
Lemma slow_solution (x y : R) c Q e : x != y -> y != 1 -> polynomial_in Q ->
  (forall t, e t.+1 = y *: e t + c + x ^+ t *: Q t) ->
  exists s P a, polynomial_in P /\ forall t, e t = s + x ^+ t *: P t + y ^+ t *: a.
Proof.
move=> xy y1 [m HQ] He; have [P HP E] := solve xy HQ.
have [s cE] : exists s, c = s - y *: s.
  exists ((1 - y)^-1 *: c); rewrite -[X in X - _]scale1r -scalerBl scalerA mulfV ?scale1r //.
  by rewrite subr_eq0 eq_sym.
have [a aE] : exists a, e 0%N = s + P 0%N + a by exists (e 0%N - (s + P 0%N)); rewrite addrC subrK.
exists s, P, a; split=> [|t]; first by exists m.
elim: t => [|t IH]; first by rewrite !expr0 !scale1r.
rewrite He -E {}IH {}cE !scalerDr !scalerN !scalerA -!exprS -exprSr (mulrC (x ^+ t) y).
move: (y *: s) (_ *: P t.+1) (_ *: P t) (_ *: a) => u p q d.
by rewrite !addrA [LHS](@GRing.add V).[ACl (4*6*3)*(1*5)*(2*7)] /= !subrr !addr0.
Qed.
End Recursion.

Section Orthogonal.
Variables (R : realFieldType) (V : lmodType R) (b : form V).
Hypothesis b_pd : posdef b.
Variables (x y : R) (s a : V) (P e : nat -> V).
Hypotheses (x0 : 0 < x) (xy : x < y) (y1 : y < 1) (HP : polynomial_in P).
Hypothesis eE : forall t, e t = s + x ^+ t *: P t + y ^+ t *: a.
Hypothesis orth : forall t, b (e t) (e t.+1 - e t) = 0.
Let step t : V := x *: P t.+1 - P t.
Let y0 : 0 < y. Proof. exact: lt_trans xy. Qed.
Let Hstep : polynomial_in step.
Proof. by apply: polynomialB => //; apply: polynomialZ; apply: polynomial_next. Qed.
(* a vector polynomial is 0 if <P, x P(t+1) - P(t)> is *)
Lemma shrinking_zero : (forall t, b (P t) (step t) = 0) -> forall t, P t = 0.
Proof.
move=> H; have [//|[m HmP]] := polynomial_degree HP; have [Hm Pm] := HmP; exfalso.
have x1 : x - 1 != 0 by rewrite subr_eq0 lt_eqF // (lt_trans xy).
have E k : difs m step k = (x - 1) *: difs m P 0.
  rewrite difsD difsN difsZ (difs_ext _ (v := fun k => P (k + 1)%N)) => [|h]; last by rewrite addn1.
  by rewrite difs_shift !(difs_const _ Hm) scalerBl scale1r.
apply: (dot_neq0 b_pd x1 HmP (v := step) _ (E 0%N) H) => k.
by rewrite /= /dif !E subrr.
Qed.
Let inner (u v : nat -> V) t : R^o := b (u t) (v t).
Theorem orthogonal_steps t : e t = s.
Proof.
have [x2 y2] : x ^+ 2 < x * y /\ x * y < y ^+ 2 by rewrite !expr2 ltr_pmul2l // ltr_pmul2r.
have dE k : e k.+1 - e k = x ^+ k *: step k + y ^+ k *: ((y - 1) *: a).
  rewrite !eE /step !exprSr -!scalerA scalerBr scalerBl scalerBr scale1r.
  by rewrite !opprD !addrA [LHS](@GRing.add V).[ACl 1*4*2*5*3*6] /= subrr add0r.
pose c (v : V) : nat -> V := fun=> v.
have pc v : polynomial_in (c v) by apply: polynomial_const.
have pin u v : polynomial_in u -> polynomial_in v -> polynomial_in (inner u v).
  exact: polynomial_dot.
pose f k : R^o := y ^+ k *: inner (c s) (c ((y - 1) *: a)) k
                  + (y ^+ 2) ^+ k *: inner (c a) (c ((y - 1) *: a)) k.
pose g k : R^o := f k + (x ^+ k *: inner (c s) step k
      + (x * y) ^+ k *: (inner P (c ((y - 1) *: a)) k + inner (c a) step k)).
have H k : g k + (x ^+ 2) ^+ k *: inner P step k = 0.
  rewrite -[RHS](orth k) dE eE /g /f /inner /c !(dotDl, dotDr, dotZl, dotZr).
  rewrite -![_ *: _]/(_ * _) [(x ^+ 2) ^+ k]exprAC [(y ^+ 2) ^+ k]exprAC exprMn.
  move: (x ^+ k) (y ^+ k) => p q; ring.
have Px : forall k, P k = 0.
  apply: shrinking_zero; apply: (@without_zero _ [lmodType R of R^o] (x ^+ 2) g) H; last exact: pin.
    by rewrite expf_neq0 // gt_eqF.
  have x2x : x ^+ 2 < x by rewrite expr2 gtr_pmulr // (lt_trans xy).
  by do !(apply: without_add); apply: without_term;
    rewrite ?gt_eqF ?(lt_trans x2 y2) ?(lt_trans x2x xy) //; try (apply: polynomialD); exact: pin.
have step0 k : step k = 0 by rewrite /step !Px scaler0 subr0.
have aa : b a ((y - 1) *: a) = 0.
  apply: (@without_zero _ [lmodType R of R^o] (y ^+ 2)
    (fun k => y ^+ k *: inner (c s) (c ((y - 1) *: a)) k) (inner (c a) (c ((y - 1) *: a)))
    _ _ _ _ 0).
  - by rewrite expf_neq0 // gt_eqF.
  - by apply: without_term; [rewrite gt_eqF // expr2 gtr_pmulr|apply: pin].
  - exact: pin.
  move=> k; rewrite -[RHS](H k) /g /inner !step0 Px !(dot0l, dot0r) addr0 !scaler0.
  by rewrite addr0 /f /inner !addr0.
have /eqP a0 : a == 0.
  move/eqP: aa; rewrite dotZr mulf_eq0 subr_eq0 lt_eqF //=; apply: contraTT => a0.
  by rewrite gt_eqF ?b_pd.
by rewrite eE Px a0 !scaler0 !addr0.
Qed.
End Orthogonal.

Section Own.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R).
Hypotheses (w_gt0 : forall i, (0 < w i)%N) (alpha_gt0 : 0 < alpha).
Variables (Z : I -> V) (C : I -> {set I}).
Hypothesis Cstands : stands b w alpha Z C.
Local Notation z := (run b w alpha Z).
Local Notation lam := (lam alpha).
Local Notation gam := (gam alpha).

(* A token that rests is in its own attention set, for any form. *)
Theorem rests_own i : rests z i -> i \in C i.
Proof.
move=> H; have [j jC] := attn_ex b Z i; have := H 1%N; rewrite /= layer_step // => /eqP.
rewrite -subr_eq0 addrC addKr scaler_eq0 gt_eqF ?gam_gt0 // subr_eq0 => /eqP E.
rewrite -(Cstands 0%N i); apply/attnP => l.
by rewrite -[run _ _ _ _ 0]/Z -[X in _ <= b _ X]E target_ge.
Qed.

Hypothesis b_pd : posdef b.
Variables (i : I) (s : I -> V) (P : I -> nat -> V).
Hypotheses (iC : i \in C i) (HP : forall j, polynomial_in (P j)).
Hypothesis others : forall j t, j \in C i -> j != i -> z t j = s j + lam ^+ t *: P j t.
Lemma own_orthogonal t : b (z t i) (z t.+1 i - z t i) = 0.
Proof.
have iA : i \in attn b (z t) i by rewrite Cstands.
by rewrite runS layer_step // addrC addKr dotZr dotBr (target_max w_gt0 iA) subrr mulr0.
Qed.
Theorem own_attention : rests z i.
Proof.
have [Ci|[j]] := set_0Vmem (C i :\ i); last rewrite !inE => /andP[ji jC].
  have Si : C i = [set i] by rewrite -(setD1K iC) Ci setU0.
  elim=> // t <-; rewrite runS layer_step // /target Cstands Si mean1 //.
  by rewrite subrr scaler0 addr0.
pose W : R := wt R w (C i); have W0 : 0 < W := wt_gt0 _ w_gt0 iC.
have [c0 c1] : 0 < (w i)%:R / W /\ (w i)%:R / W < 1.
  rewrite divr_gt0 ?ltr0n // ltr_pdivr_mulr // mul1r /W /wt (bigD1 i) //= ltr_addl; split=> //.
  rewrite (bigD1 j) ?jC //= ltr_paddr ?ltr0n ?w_gt0 //.
  by apply: sumr_ge0 => l _; rewrite ler0n.
pose part (x : I -> V) := (gam / W) *: \sum_(l in C i | l != i) (w l)%:R *: x l.
have partE t : part (z t) = part s + lam ^+ t *: part (fun l => P l t).
  rewrite /part; move: (gam / W) => k.
  rewrite scalerA [_ ^+ t * _]mulrC -scalerA -scalerDr; congr (_ *: _).
  rewrite scaler_sumr -big_split /=; apply: eq_bigr => l /andP[lC li].
  rewrite others // scalerDr !scalerA; congr (_ + _ *: _).
  exact: mulrC.
have HQ : polynomial_in (fun t => part (fun l => P l t)).
  by apply: polynomialZ; apply: polynomial_sum => l _; apply: polynomialZ.
pose y := lam + gam * ((w i)%:R / W).
have ly : lam < y by rewrite ltr_addl mulr_gt0 ?gam_gt0.
have y1 : y < 1 by rewrite -(lam_gam alpha_gt0) ltr_add2l gtr_pmulr ?gam_gt0.
have He t : z t.+1 i = y *: z t i + part s + lam ^+ t *: part (fun l => P l t).
  rewrite -addrA -partE runS layerE /target Cstands /mean (bigD1 i iC) /= scalerDr scalerDr.
  by rewrite addrA !scalerA -!scalerDl /y !mulrA [in RHS]mulrAC.
have [||s' [P' [a [HP' E]]]] := slow_solution _ _ HQ He; rewrite ?lt_eqF //.
have sE t : z t i = s'.
  exact: (orthogonal_steps b_pd (lam_gt0 alpha_gt0) ly y1 HP' E own_orthogonal).
by move=> t; rewrite !sE.
Qed.
End Own.
