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
From mathcomp Require Import all_ssreflect all_algebra ring.
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
have y1' : 1 - y != 0 by rewrite subr_eq0 eq_sym.
pose s := (1 - y)^-1 *: c; exists s, P, (e 0%N - s - P 0%N); split; first by exists m.
have cE : c = s - y *: s.
  by rewrite -[X in X - _]scale1r -scalerBl scalerA mulfV ?scale1r.
elim=> [|t IH]; first by rewrite !expr0 !scale1r addrC [s + _]addrC addrA !subrK.
rewrite He -E {}IH {}cE !scalerDr scalerN !scalerA -!exprS -exprSr.
move: (y *: s) (x ^+ t.+1 *: P t.+1) (y ^+ t.+1 *: _) => u v a.
rewrite [x ^+ t * y]mulrC; move: (_ *: P t) => p.
rewrite [u + p + a]addrAC [_ + (v - p)]addrC [u + a + p]addrC !addrA subrK.
by rewrite [v + _ + _]addrAC -!addrA; congr (_ + _); rewrite addrA;
   rewrite [a + _]addrC addrA subrK.
Qed.
End Recursion.

Section Orthogonal.
Variables (R : realFieldType) (V : lmodType R) (b : form V).
Hypotheses (bC : symmetric_form b) (b_pd : posdef b).
Variables (x y : R) (s a : V) (P : nat -> V).
Hypotheses (x0 : 0 < x) (xy : x < y) (y1 : y < 1) (HP : polynomial_in P).
Let e t := s + x ^+ t *: P t + y ^+ t *: a.
Hypothesis orth : forall t, b (e t) (e t.+1 - e t) = 0.
Let step t : V := x *: P t.+1 - P t.
Let y0 : 0 < y. Proof. exact: lt_trans xy. Qed.
Let Hstep : polynomial_in step.
Proof. by apply: polynomialB => //; apply: polynomialZ; apply: polynomial_next. Qed.
(* a vector polynomial is 0 if <P, x P(t+1) - P(t)> is *)
Lemma shrinking_zero : (forall t, b (P t) (step t) = 0) -> forall t, P t = 0.
Proof.
move=> H; have [//|[m HmP]] := polynomial_degree HP; have [Hm Pm] := HmP; case: (dot_neq0 _ H).
Abort.
Theorem orthogonal_steps t : e t = s.
Abort.
End Orthogonal.
