(* One class of tokens: the balanced set that lies farthest out in the end.

   best_set Vs ties   c_S(k) <= c_Vs(k) for all k and all balanced S; if ties S then c_S = c_Vs for
                      ever, otherwise c_Vs - c_S is in the end at least some d > 0
   lift_later         c_S, counted from layer N, is lambda^N c_S(N + k)
   best_later         a best set is one when counting starts at layer N
   best_exists        from some layer on there is a best set                                     *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From mathcomp Require Import reals.
From Hardmax Require Import Theory Converge Capture Reduction Polynomials.
From Hardmax Require Import ClassSetting ClassScores.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* The eventually best balanced set, and the sets that tie with it for ever. *)
Record best_set (R : realType) (V : lmodType R) (I : finType) (b : form V) (w : I -> nat)
  (alpha : R) (Z0 s : I -> V) (s0 : V) (K Vs : {set I}) (ties : {set I} -> bool) : Prop := BestSet {
  best_balanced : balanced w s s0 K Vs;
  best_greatest : forall k S, balanced w s s0 K S ->
    lift b w alpha Z0 s s0 k S <= lift b w alpha Z0 s s0 k Vs;
  best_ties : forall S, balanced w s s0 K S ->
    if ties S then forall k, lift b w alpha Z0 s s0 k S = lift b w alpha Z0 s s0 k Vs
    else exists2 d, 0 < d & ev (fun k =>
      d <= lift b w alpha Z0 s s0 k Vs - lift b w alpha Z0 s s0 k S) }.

Section Best.
Variables (R : realType) (V : lmodType R) (I : finType) (b : form V) (w : I -> nat) (alpha : R).
Variables (Z0 s : I -> V) (s0 : V) (J K : {set I}).
Hypothesis H : one_class b w alpha Z0 s s0 J K.
Local Notation Z k := (run b w alpha Z0 k).
Local Notation lift := (lift b w alpha Z0 s s0).
Local Notation balanced := (balanced w s s0 K).
Lemma lift_later N k S :
  ClassScores.lift b w alpha (Z N) s s0 k S = lam alpha ^+ N * lift (N + k) S.
Proof.
rewrite /ClassScores.lift -dotZr -meanZ; congr (b s0 _); apply: eq_mean => l _.
by rewrite scaled_later // (class_alpha H).
Qed.
Lemma best_later Vs ties N : best_set b w alpha Z0 s s0 K Vs ties ->
  best_set b w alpha (Z N) s s0 K Vs ties.
Proof.
move=> [bV best tie]; split=> // [k S bS|S bS].
  by rewrite !lift_later ler_pmul2l ?(lamk_gt0 H) // best.
have := tie S bS; case: (ties S) => [E k|[d d0 [M HM]]]; first by rewrite !lift_later E.
exists (lam alpha ^+ N * d); first by rewrite mulr_gt0 ?(lamk_gt0 H).
exists M => k Mk; rewrite !lift_later -mulrBr ler_pmul2l ?(lamk_gt0 H) //.
by apply: HM; rewrite (leq_trans Mk) ?leq_addl.
Qed.
Lemma best_exists i0 : i0 \in J -> exists N Vs ties, best_set b w alpha (Z N) s s0 K Vs ties.
Proof.
move=> iJ; pose T := [finType of {set I} * {set I}].
have order (p : T) : ev (fun k => balanced p.1 -> balanced p.2 -> lift k p.1 <= lift k p.2 ->
    forall h, (k <= h)%N -> lift h p.1 <= lift h p.2).
  have [b1|n1] := boolP (balanced p.1); last by apply: ev_always.
  have [b2|n2] := boolP (balanced p.2); last by apply: ev_always.
  have [E|[d d0 [N HN]]|[d d0 [N HN]]] :=
    polynomial_sign (polynomialB (lift_poly H b2) (lift_poly H b1)).
  - by apply: ev_always => k _ _ _ h _; rewrite -subr_ge0 E.
  - exists N => k Nk _ _ _ h kh; rewrite -subr_ge0.
    exact: le_trans (ltW d0) (HN h (leq_trans Nk kh)).
  exists N => k Nk _ _; rewrite -subr_ge0 => /le_trans/(_ (HN k Nk)).
  by rewrite leNgt oppr_lt0 d0.
have [N HN] := ev_all order.
have [t [tJ top]] := top_ex b w alpha Z0 N iJ.
have [ne _] := top_known H (conj tJ top).
have [Vs bV /= Vmax] := @Order.TotalTheory.arg_maxP _ _ _ _ _ (lift N) (known_balanced H tJ ne).
have best k S : (N <= k)%N -> balanced S -> lift k S <= lift k Vs.
  by move=> Nk bS; apply: (HN N (leqnn N) (S, Vs)) => //; apply: Vmax.
have tie S : exists t : bool, balanced S -> if t then forall k, lift k S = lift k Vs
    else exists2 d, 0 < d & ev (fun k => d <= lift k Vs - lift k S).
  have [bS|nS] := boolP (balanced S); last by exists true.
  have [E|h|[d d0 [M HM]]] := polynomial_sign (polynomialB (lift_poly H bV) (lift_poly H bS)).
  - by exists true => _ k; apply/esym/subr0_eq/E.
  - by exists false.
  have := le_trans (_ : 0 <= _) (HM (maxn N M) (leq_maxr _ _)).
  by rewrite subr_ge0 best ?leq_maxl // leNgt oppr_lt0 d0 => /(_ isT).
have [ties Hties] := fin_all_exists tie; exists N, Vs, ties; split=> // [k S bS|S bS].
  by rewrite !lift_later ler_pmul2l ?(lamk_gt0 H) // best // leq_addr.
have := Hties S bS; case: (ties S) => [E k|[d d0 [M HM]]]; first by rewrite !lift_later E.
exists (lam alpha ^+ N * d); first by rewrite mulr_gt0 ?(lamk_gt0 H).
exists M => k Mk; rewrite !lift_later -mulrBr ler_pmul2l ?(lamk_gt0 H) //.
by apply: HM; rewrite (leq_trans Mk) ?leq_addl.
Qed.
End Best.
