(******************************************************************************)
(* The criterion: when a pattern is constant for ever, over any ordered field *)
(* and any module; the form need be neither symmetric nor definite.           *)
(*                                                                            *)
(* Let C be the pattern of the layers 0,...,T of a run that starts at Z, s a  *)
(* family with mean_{C_i} s = s_i, c_0 = Z - s, c_(j+1) = alpha * (means of   *)
(* c_j over C), c_(D+1) = 0, and sol t i = s_i + lam^t * sum_j C(t,j) c_j(i). *)
(*                                                                            *)
(*   locked_row i   C_i = {j} = C_j for some j                                *)
(*   lead b x j l t := <x_i(t), x_j(t) - x_l(t)>, a lead of j over l          *)
(*   criterion      if for every i that is not locked some j of C_i has       *)
(*                  lead = 0 at all t >= T for l in C_i, and lead > 0 at all  *)
(*                  t >= T for other l, then at all t the pattern of the run  *)
(*                  is C and its tokens are sol t                             *)
(*   sums_test      a + x^t p(t) + x^2t q(t) > 0 for all t, where p and q     *)
(*                  have coefficients p_j, q_j >= 0 (j >= 1) in the basis     *)
(*                  C(t,j), and a, a + p_0 >= 0, a + p_0 + q_0 > 0            *)
(*   dominant_term  the same for t >= T by one of the terms, which dominates  *)
(*                  the negative ones at T (`dominant`)                       *)
(*   sol_tends      |f (sol t i) - f s_i| -> 0 for every linear f             *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory Converge ClosedForm Limits.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Criterion.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R).
Hypothesis w_gt0 : forall i, (0 < w i)%N.
Hypothesis alpha_gt0 : 0 < alpha.
Variables (Z : I -> V) (C : I -> {set I}) (s : I -> V) (D T : nat).
Local Notation run := (run b w alpha Z).
Local Notation sol := (sol w alpha Z C s D).

Definition locked_row i := exists2 j, C i = [set j] & C j = [set j].
Definition lead (x : I -> V) i j l : R := b (x i) (x j - x l).

Hypothesis s_rest : forall i, means w C s i = s i.
Hypothesis coef_end : forall i, coef w alpha Z C s D.+1 i = 0.
Hypothesis up_to : forall t i, (t <= T)%N -> attn b (run t) i = C i.
Hypothesis leads_on : forall i, locked_row i \/ exists2 j, j \in C i & forall t l, (T <= t)%N ->
  if l \in C i then lead (sol t) i j l = 0 else 0 < lead (sol t) i j l.

Lemma attn_ext (x y : I -> V) : x =1 y -> attn b x =1 attn b y.
Proof. by move=> E i; apply/setP => j; rewrite !inE; apply: eq_forallb => l; rewrite !E. Qed.

Lemma attn_of_leads (x : I -> V) i j : j \in C i ->
  (forall l, if l \in C i then lead x i j l = 0 else 0 < lead x i j l) -> attn b x i = C i.
Proof.
move=> jC H; have key l : if l \in C i then b (x i) (x l) = b (x i) (x j)
    else b (x i) (x l) < b (x i) (x j).
  have := H l; rewrite /lead dotBr; case: ifP => _; last by rewrite subr_gt0.
  by move/eqP; rewrite subr_eq0 => /eqP ->.
apply/setP => l; apply/attnP/idP => [Hl|lC m].
  by have := key l; case: ifP => // _; rewrite ltNge Hl.
by have := key l; rewrite lC => ->; have := key m; case: ifP => _; [move=> ->|move/ltW].
Qed.

Theorem criterion t : (forall i, run t i = sol t i) /\ (forall i, attn b (run t) i = C i).
Proof.
have step m : (forall i, run m i = sol m i) -> forall i, attn b (run m) i = C i.
  move=> E i; have [/up_to //|Tt] := leqP m T.
  have [[j Ci Cj]|[j jC H]] := leads_on i.
    have L : locked b Z i j by rewrite /locked /leads !(@up_to 0%N) // Ci Cj !eqxx.
    have [/andP[/eqP Ei _] _] := locked_forever w_gt0 alpha_gt0 m L.
    by rewrite [LHS]Ei Ci.
  by rewrite (attn_ext E) (@attn_of_leads _ _ j) // => l; apply: H; apply: ltnW.
suff E i : run t i = sol t i by split=> //; apply: step.
elim: t i => [|t IH] i; first by rewrite sol0.
rewrite runS (solS alpha_gt0 s_rest coef_end) layerE // IH /target step //.
by congr (_ + _ *: _); apply: eq_means.
Qed.
End Criterion.

Section Tests.
Variables (R : realFieldType) (x : R).
Hypothesis x01 : 0 < x <= 1.
Lemma sums_test m n (p q : nat -> R) a :
  (forall j, (0 < j)%N -> 0 <= p j) -> (forall j, (0 < j)%N -> 0 <= q j) ->
  0 <= a -> 0 <= a + p 0%N -> 0 < a + p 0%N + q 0%N ->
  forall t, 0 < a + x ^+ t * (\sum_(j < m.+1) 'C(t, j)%:R * p j)
                  + x ^+ (2 * t) * (\sum_(j < n.+1) 'C(t, j)%:R * q j).
Proof.
move=> p0 q0 a0 ap apq t; have /andP[x0 x1] := x01.
have y0 : 0 < x ^+ t by rewrite exprn_gt0.
have y1 : x ^+ t <= 1 by rewrite exprn_ile1 // ltW.
rewrite !big_ord_recl !bin0 !mul1r mulnC exprM; move: (x ^+ t) y0 y1 => y y0 y1.
set P := \sum_(j < m) _; set Q := \sum_(j < n) _.
have P0 : 0 <= P by rewrite sumr_ge0 // => j _; rewrite mulr_ge0 ?ler0n ?p0.
have Q0 : 0 <= Q by rewrite sumr_ge0 // => j _; rewrite mulr_ge0 ?ler0n ?q0.
rewrite -subr_ge0 in y1; move: (p 0%N) (q 0%N) ap apq => c d ap apq.
have -> : a + y * (c + P) + y ^+ 2 * (d + Q) =
  (a + c + d) * y ^+ 2 + (a * (1 - y) + (a + c) * (y * (1 - y)) + y * P + y ^+ 2 * Q) by ring.
rewrite ltr_paddr ?mulr_gt0 ?exprn_gt0 //.
have y2 := ltW y0; by rewrite !addr_ge0 ?mulr_ge0 ?exprn_ge0.
Qed.

Lemma dominant_term (f : seq (R * (nat * nat))) m0 T : m0 \in f -> 0 < m0.1 -> (m0.2.2 <= T)%N ->
  {in f, forall m, m.1 < 0 -> (m0.2.1 <= m.2.1)%N /\
     (T.+1%:R - m0.2.2%:R) * x ^+ (m.2.1 - m0.2.1) <= T.+1%:R - m.2.2%:R} ->
  0 < m0.1 * u x m0.2.1 m0.2.2 T + \sum_(m <- f | m.1 < 0) m.1 * u x m.2.1 m.2.2 T ->
  forall t, (T <= t)%N -> 0 < ev x f t.
Proof.
move=> mf c0 jT H HT t Tt; pose g := [seq m <- f | m.1 < 0].
have big t' : \sum_(m <- f | m.1 < 0) m.1 * u x m.2.1 m.2.2 t' = ev x g t'.
  by rewrite /ev big_filter.
have big' t' : \sum_(m <- g | m.1 < 0) m.1 * u x m.2.1 m.2.2 t' = ev x g t'.
  rewrite -big /g big_filter_cond; apply: eq_bigl => m; exact: andbb.
have Hg : 0 < m0.1 * u x m0.2.1 m0.2.2 t + ev x g t.
  apply: (@dominant _ _ x01 _ _ _ g T) => //; last by rewrite big' -big.
  by move=> m; rewrite mem_filter => /andP[_ /H].
apply: lt_le_trans Hg _; rewrite -big /ev [leRHS](bigID (fun m => m.1 < 0)) /= addrC ler_add2l.
rewrite (perm_big _ (perm_to_rem mf)) big_cons -leNgt (ltW c0) ler_addl sumr_ge0 // => m.
by rewrite -leNgt => m1; rewrite mulr_ge0 ?u_ge0.
Qed.
End Tests.

Section Tends.
Variables (R : archiFieldType) (V : lmodType R) (I : finType) (w : I -> nat) (alpha : R).
Hypothesis alpha_gt0 : 0 < alpha.
Variables (Z : I -> V) (C : I -> {set I}) (s : I -> V) (D : nat) (f : {linear V -> R^o}).
Lemma sol_tends i : small (fun t => `|f (sol w alpha Z C s D t i) - f (s i)|).
Proof.
have l01 : 0 < lam alpha < 1 by rewrite lam_gt0 // lam_lt1.
pose c j := f (coef w alpha Z C s j i).
have E t : `|f (sol w alpha Z C s D t i) - f (s i)| <=
    \sum_(j < D.+1) `|c j| * ('C(t, j)%:R * lam alpha ^+ t).
  rewrite -linearB /= /sol addrC addKr linearZ /= linear_sum /= -[_ *: _]/(_ * _) mulr_sumr.
  apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => j _.
  rewrite linearZ /= -[_ *: _]/(_ * _) !normrM normr_nat ger0_norm ?exprn_ge0 //; last first.
    by case/andP: l01 => /ltW.
  by rewrite mulrC -mulrA [leRHS]mulrCA mulrA mulrC -/(c j).
apply: small_le E _; elim: D.+1 => [|m IH].
  by move=> e e0; exists 0%N => k _; rewrite big_ord0 ltW.
apply: small_le (small_add IH (small_scale (normr_ge0 (c m)) (binom_small l01 m))) => t.
by rewrite big_ord_recr.
Qed.
End Tends.
