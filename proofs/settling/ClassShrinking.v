(* A class is positive or not; if it can be positive only with shrinking tops then it settles.

   lift_slow          c(k) <= (1 + eta) c(k+1) for large k, c the positive lift of a balanced set
   shrinking_settles  a class whose tops shrink if it is positive is not positive, and settles   *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From mathcomp Require Import reals.
From Hardmax Require Import Theory Converge Capture Reduction Polynomials.
From Hardmax Require Import ClassSetting ClassScores ClassBest ClassSettles ClassNonPositive
  ClassPositive.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Slow.
Variables (R : realType) (V : lmodType R) (I : finType) (b : form V) (w : I -> nat) (alpha : R).
Variables (Z0 s : I -> V) (s0 : V) (J K : {set I}).
Hypothesis H : one_class b w alpha Z0 s s0 J K.
Local Notation Z k := (run b w alpha Z0 k).
Lemma lift_slow Vs eta d : balanced w s s0 K Vs -> 0 < eta -> 0 < d ->
  (forall k, d <= lift b w alpha Z0 s s0 k Vs) ->
  ev (fun k => lift b w alpha Z0 s s0 k Vs <= (1 + eta) * lift b w alpha Z0 s s0 k.+1 Vs).
Proof.
move=> bV e0 d0 pos; have p1 : 0 < 1 + eta by rewrite addr_gt0 ?ltr01.
have c0 k : 0 < lift b w alpha Z0 s s0 k Vs := lt_le_trans d0 (pos k).
have small_eta : 0 < eta / (1 + eta) by rewrite divr_gt0.
have [N HN] := polynomial_ratio (lift_poly H bV) d0 (ev_always pos) small_eta.
exists N => k /HN; rewrite ler_norml => /andP[le _].
rewrite -ler_pdivr_mull // -ler_pdivl_mulr //; apply: le_trans (_ : 1 - eta / (1 + eta) <= _).
  by rewrite le_eqVlt; apply/orP; left; apply/eqP; field; rewrite gt_eqF.
by move: le; rewrite ler_subr_addl.
Qed.
End Slow.

Section Shrinking.
Variables (R : realType) (V : lmodType R) (I : finType) (b : form V) (w : I -> nat) (alpha : R).
Variables (Z0 s : I -> V) (s0 : V) (J K : {set I}).
Hypothesis H : one_class b w alpha Z0 s s0 J K.
Local Notation Z k := (run b w alpha Z0 k).
Theorem shrinking_settles eta : 0 < eta -> lam alpha <= 1 - 16%:R * eta ->
  (forall N Vs ties d, best_set b w alpha (Z N) s s0 K Vs ties -> 0 < d ->
    (forall k, d <= lift b w alpha (Z N) s s0 k Vs) -> tops_shrink b w alpha (Z N) s s0 J Vs eta) ->
  forall i, i \in J -> token_settles b w alpha Z0 s i.
Proof.
move=> e0 lq shrink i iJ; have [N [Vs [ties best]]] := best_exists H iJ.
have HN := one_class_later H N; have bV := best_balanced best.
have [E|[d d0 [M HM]]|[d d0 [M HM]]] := polynomial_sign (lift_poly HN bV).
- apply: (token_settles_later (class_alpha H) (N := N)); apply: (nonpositive_settles HN) iJ.
  by exists 0%N => k _ S bS; apply: le_trans (best_greatest best k bS) _; rewrite E.
- have best' : best_set b w alpha (Z (N + M)) s s0 K Vs ties.
    by have := best_later HN M best; rewrite run_from.
  have HNM := one_class_later H (N + M).
  have lM0 : 0 < lam alpha ^+ M * d by rewrite mulr_gt0 ?(lamk_gt0 H).
  have pos k : lam alpha ^+ M * d <= lift b w alpha (Z (N + M)) s s0 k Vs.
    have -> : Z (N + M) = run b w alpha (Z N) M by rewrite run_from.
    by rewrite (lift_later HN) ler_pmul2l ?(lamk_gt0 H) // HM // leq_addr.
  have [B [q [_ HB]]] := pull_sq_growth HNM.
  have := no_positive HNM best' lM0 pos e0 lq HB (shrink _ _ _ _ best' lM0 pos).
  by move=> /(_ (lift_slow HNM bV e0 lM0 pos) i iJ).
apply: (token_settles_later (class_alpha H) (N := N)); apply: (nonpositive_settles HN) iJ.
exists M => k Mk S bS; apply: le_trans (best_greatest best k bS) _.
by apply: le_trans (HM k Mk) _; rewrite oppr_le0 ltW.
Qed.
End Shrinking.
