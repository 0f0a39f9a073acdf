(* A class whose balanced sets span the space with s0 settles, for every alpha and all
   multiplicities: at a top i the part of W_i along a direction s_l - s0, l seen, is bounded by a
   polynomial, since i sees l as well as a balanced set, and the part along s0 is small beside A_i.

   spanning S           |y|^2 <= M (<s0, y>^2 + sum over S of <y, s_l - s0>^2) for some M and all y
   shrink_bound         the arithmetic of the last step
   across_bound         |<W_i, s_l - s0>| <= B (k+1)^q if i sees the known token l
   tops_shrink_span     such tops shrink
   span_settles         the theorem                                                              *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From mathcomp Require Import reals.
From Hardmax Require Import Theory Converge Capture Reduction Polynomials Bounds.
From Hardmax Require Import ClassSetting ClassScores ClassBest ClassSettles ClassPositive
  ClassShrinking.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Span.
Variables (R : realType) (V : lmodType R) (I : finType) (b : form V) (w : I -> nat) (alpha : R).
Variables (s : I -> V) (s0 : V) (J K : {set I}).
Local Notation lam := (lam alpha).
Definition spanning (S : {set I}) := exists2 M, 0 < M & forall y,
  sq b y <= M * (b s0 y ^+ 2 + \sum_(l in S) b y (s l - s0) ^+ 2).
Hypothesis spans : forall S, balanced w s s0 K S -> spanning S.

Section Tops.
Variables (Z0 : I -> V) (Vs : {set I}) (ties : {set I} -> bool) (eta d : R).
Hypothesis H : one_class b w alpha Z0 s s0 J K.
Hypothesis best : best_set b w alpha Z0 s s0 K Vs ties.
Hypotheses (eta_gt0 : 0 < eta) (lam_q : lam <= 1 - 16%:R * eta).
Hypotheses (d_gt0 : 0 < d) (positive : forall k, d <= lift b w alpha Z0 s s0 k Vs).
Local Notation Z k := (run b w alpha Z0 k).
Local Notation C k i := (attn b (Z k) i).
Local Notation dev := (dev b w alpha Z0 s).
Local Notation W := (scaled b w alpha Z0 s).
Local Notation lift := (lift b w alpha Z0 s s0).
Local Notation pull := (pull b w alpha Z0 s).
Local Notation x := (along b w alpha Z0 s s0).
Local Notation y := (spread b w alpha Z0 s).
Local Notation known := (known b w alpha Z0 K).
Local Notation A := (excess b w alpha Z0 s s0 Vs).
Let w_gt0 := class_w H.
Let alpha_gt0 := class_alpha H.
Let bC := class_sym H.
Let b_pd := class_pd H.
Let lamk_gt0 := lamk_gt0 H.
Let e0 := ltW eta_gt0.
Let q := 1 - 16%:R * eta.
Let rho := 1 - 8%:R * eta.
Let q_ge0 : 0 <= q. Proof. exact: le_trans (ltW (lam_gt0 alpha_gt0)) lam_q. Qed.
Lemma across_bound : exists B deg, 0 <= B /\ ev (fun k => forall i l, i \in J -> l \in known k i ->
  `|b (W k i) (s l - s0)| <= B * k.+1%:R ^+ deg).
Proof.
have bound (t : {set I} * I) : balanced w s s0 K t.1 && (t.2 \in K) -> exists B deg, 0 <= B /\
    forall k, `|lift k t.1 - b s0 (W k t.2)| + nrm b (pull k t.1 - W k t.2) <= B * k.+1%:R ^+ deg.
  case: t => S l /= /andP[bS lK]; have pW := class_K_poly H lK; have pS := pull_poly H bS.
  have pD := polynomialB pS pW.
  have [B1 [q1 [B10 H1]]] := poly_nrm H pD.
  have [q2 [B2 H2]] := polynomial_growth (polynomial_dot b (polynomial_const s0) pD).
  pose both (t : bool) k := if t then `|b s0 (pull k S - W k l)| else nrm b (pull k S - W k l).
  have [[]|B [deg [B0 HB]]] := @common_bound _ [finType of bool] predT both; last first.
  - exists (2%:R * B), deg; split=> [|k]; first by rewrite mulr_ge0 ?ler0n.
    rewrite /ClassScores.lift -dotBr mulr2n mulrDl mul1r mulrDl.
    by apply: ler_add; [apply: (HB k true)|apply: (HB k false)].
  - by exists B1, q1.
  exists `|B2|, q2; split=> // k; apply: le_trans (H2 k) _.
  by rewrite ler_wpmul2r ?exprn_ge0 ?ler0n ?ler_norm.
have [B [deg [B0 HB]]] := common_bound bound; exists B, deg; split=> //.
have small1 : ev (fun k => forall i, sq b (dev k i) <= 1).
  by apply: ev_all => i; apply: (dev_small H); apply: ltr01.
apply: ev_mono small1 _ => k hd i l iJ lk.
have /andP[lC lK] : (l \in C k i) && (l \in K) by move: lk; rewrite inE.
have ne : known k i != set0 by apply/set0Pn; exists l.
have := score_known H iJ lC ne; rewrite /score (dot_dev H) => E.
have -> : b (W k i) (s l - s0) =
    (lift k (known k i) - b s0 (W k l)) + b (dev k i) (pull k (known k i) - W k l).
  rewrite [X in _ = _ + X]dotBr; apply/eqP; rewrite -subr_eq0; apply/eqP.
  by move/eqP: E; rewrite -subr_eq0 => /eqP E; rewrite -[RHS]E; ring.
apply: le_trans (ler_norm_add _ _) _; apply: le_trans (HB k (known k i, l) _); last first.
  by rewrite (known_balanced H iJ ne).
rewrite ler_add2l; apply: le_trans (dot_nrm H _ _) _; rewrite ler_pimull ?nrm_ge0 //.
by rewrite -(@ler_pexpn2r _ 2 isT) ?nnegrE ?nrm_ge0 ?ler01 // (nrm2 H) expr1n.
Qed.

(* With D = (1 + alpha)(1 + eta) and 16 g D = 1. *)
Let D := (1 + alpha) * (1 + eta).
Let g := (16%:R * D)^-1.
Let D1 : 1 <= D.
Proof.
rewrite /D -[leLHS]mulr1; apply: ler_pmul; rewrite ?ler01 // ler_addl //; exact: ltW.
Qed.
Let D0 : 0 < D. Proof. exact: lt_le_trans ltr01 D1. Qed.
Let g0 : 0 < g. Proof. by rewrite invr_gt0 mulr_gt0 ?ltr0n. Qed.
Let gD : 16%:R * (g * D) = 1.
Proof. by rewrite mulrCA mulVf // gt_eqF // mulr_gt0 ?ltr0n. Qed.
Let g1 : 16%:R * g <= 1.
Proof. by rewrite -[leRHS]gD ler_wpmul2l ?ler0n // ler_pemulr // ltW. Qed.
Lemma shrink_bound (v a e : R) : 0 <= v -> 0 <= a -> v <= g * (a + v) + g * a -> e <= eta * a ->
  D * v + e <= rho * a.
Proof.
move=> v0 a0 vb ea; have v2 : 14%:R * v <= 32%:R * (g * a).
  have : 16%:R * v <= 16%:R * (g * (a + v) + g * a) by rewrite ler_pmul2l ?ltr0n.
  have -> : 16%:R * (g * (a + v) + g * a) = 16%:R * g * v + 32%:R * (g * a) by ring.
  have gv : 16%:R * g * v <= v by rewrite ler_pimull.
  move=> le; have := le_trans le (ler_add gv (lexx (32%:R * (g * a)))).
  rewrite -subr_ge0 => h3; rewrite -subr_ge0; apply: le_trans h3 _.
  have -> : v + 32%:R * (g * a) - 16%:R * v = 32%:R * (g * a) - 14%:R * v - v by ring.
  by rewrite ger_addl oppr_le0.
have Dv : 7%:R * (D * v) <= a.
  have : D * (14%:R * v) <= D * (32%:R * (g * a)) by rewrite ler_pmul2l.
  have -> : D * (32%:R * (g * a)) = 2%:R * (16%:R * (g * D)) * a by ring.
  rewrite gD mulr1; have -> : D * (14%:R * v) = 2%:R * (7%:R * (D * v)) by ring.
  by rewrite ler_pmul2l ?ltr0n.
rewrite -subr_ge0 -(pmulr_rge0 _ (ltr0n R 7)).
have -> : 7%:R * (rho * a - (D * v + e)) = (a - 7%:R * (D * v)) + 7%:R * (eta * a - e)
   + (6%:R - 63%:R * eta) * a by rewrite /rho; ring.
have h6 : 0 <= 6%:R - 63%:R * eta.
  have -> : 6%:R - 63%:R * eta = 2%:R + 4%:R * q + eta by rewrite /q; ring.
  by rewrite addr_ge0 // addr_ge0 ?ler0n // mulr_ge0 ?ler0n.
apply: addr_ge0; last exact: mulr_ge0.
by apply: addr_ge0; rewrite ?subr_ge0 // mulr_ge0 ?ler0n ?subr_ge0.
Qed.
Lemma share_bound k i : known k i != set0 ->
  lam * (1 + alpha * share b w alpha Z0 K k i) ^+ 2 <= 1 + alpha.
Proof.
case/set0Pn=> l lk; have wk := wt_gt0 R w_gt0 lk; have wi := wpos R w_gt0 i;
  have a0 := ltW alpha_gt0.
rewrite /Layer.lam ler_pdivr_mull ?alpha1_gt0 // -expr2.
rewrite /share ler_pexpn2r ?nnegrE ?addr_ge0 ?ler01 //.
  rewrite ler_add2l ler_pimulr // ler_pdivr_mulr ?addr_gt0 // mul1r ler_addl; exact: ltW.
by rewrite mulr_ge0 // divr_ge0 ?addr_ge0 // ltW.
Qed.
Lemma common_span : exists2 M, 0 < M & forall S y, balanced w s s0 K S ->
  sq b y <= M * (b s0 y ^+ 2 + \sum_(l in S) b y (s l - s0) ^+ 2).
Proof.
have each S : exists M, 0 < M /\ (balanced w s s0 K S -> forall y,
    sq b y <= M * (b s0 y ^+ 2 + \sum_(l in S) b y (s l - s0) ^+ 2)).
  have [bS|nS] := boolP (balanced w s s0 K S); last by exists 1; rewrite ltr01.
  by have [M M0 HM] := spans bS; exists M.
have [f Hf] := fin_all_exists each; have f0 S : 0 <= f S by have [/ltW] := Hf S.
exists (1 + \sum_S f S) => [|S y bS]; first by rewrite ltr_paddr ?ltr01 ?sumr_ge0.
have [_ /(_ bS y) le] := Hf S; apply: le_trans le _; apply: ler_wpmul2r.
  by rewrite addr_ge0 ?sqr_ge0 ?sumr_ge0 // => l _; apply: sqr_ge0.
by rewrite (bigD1 S) //= addrCA ler_addl addr_ge0 ?ler01 ?sumr_ge0.
Qed.
Lemma tops_shrink_span : tops_shrink b w alpha Z0 s s0 J Vs eta.
Proof.
have [M M0 span] := common_span; have gM : 0 < g / M by rewrite divr_gt0.
have [B [deg [_ HB]]] := pull_sq_growth H; have [B2 [deg2 [B20 HB2]]] := across_bound.
have along_small : ev (fun k => forall i, `|b (dev k i) s0| <= g / M).
  apply: ev_all => i; have yB (k : nat) : sq b ((fun=> s0) k) <= sq b s0 by [].
  have [N HN] := dot_small bC b_pd yB (dev_small H i) gM.
  by exists N => k /HN; rewrite subr0.
have gd : 0 < g / M * d by rewrite mulr_gt0.
have across_small : ev (fun k =>
    lam ^+ k * (#|I|%:R * B2 ^+ 2 * k.+1%:R ^+ (deg2 * 2)) <= g / M * d) := lam_beats H _ _ gd.
have [K0 HK] := ev_and (errors_small H d_gt0 positive eta_gt0 B deg)
  (ev_and HB2 (ev_and along_small across_small)).
exists K0 => k kk i top; have [[_ e2] [hb [he hc]]] := HK k kk.
have [iJ _] := top; have [ne only] := top_known H top.
have cA := excess_ge_c H d_gt0 positive k iJ; have c0 := le_trans (ltW d_gt0) (positive k).
have dA := le_trans (positive k) cA; have A0 := le_trans c0 cA.
have lp : lam <= 1 + alpha.
  by apply: le_trans (ltW (lam_lt1 alpha_gt0)) _; rewrite ler_addl ltW.
apply: le_trans (tie_step H eta_gt0 HB iJ only ne lp (fun _ => share_bound ne)) _.
apply: shrink_bound; rewrite ?(spread_ge0 H) //; last exact: le_trans e2 (ler_wpmul2l e0 cA).
have [_ xn] := along_neg H k iJ.
have xb : - x k i <= A k i + y k i.
  apply: le_trans (_ : - (2%:R * x k i) <= _).
    by rewrite -mulrN ler_pemull ?ler1n // oppr_ge0 ltW.
  rewrite -subr_ge0; have -> : A k i + y k i - - (2%:R * x k i) = 2%:R * lift k Vs.
    by rewrite /excess; ring.
  by rewrite mulr_ge0 ?ler0n.
have h1 : lam ^+ k * x k i ^+ 2 <= g / M * (A k i + y k i).
  have -> : lam ^+ k * x k i ^+ 2 = - b (dev k i) s0 * - x k i.
    by rewrite -(dot_dev H) /along (bC (W k i)); ring.
  apply: le_trans (_ : g / M * - x k i <= _); last by rewrite ler_wpmul2l // ltW.
  rewrite ler_wpmul2r ?oppr_ge0 ?(ltW xn) //; apply: le_trans (he i).
  by rewrite -normrN; apply: ler_norm.
have h2 : lam ^+ k * (\sum_(l in known k i) b (W k i) (s l - s0) ^+ 2) <= g / M * A k i.
  apply: le_trans (_ : g / M * d <= _); last by rewrite ler_wpmul2l // ltW.
  apply: le_trans hc; rewrite ler_wpmul2l ?(ltW (lamk_gt0 k)) //.
  apply: le_trans (_ : \sum_(l in known k i) (B2 * k.+1%:R ^+ deg2) ^+ 2 <= _).
    apply: ler_sum => l lk; rewrite -(real_normK (num_real _)) ler_pexpn2r ?nnegrE ?hb //.
    by rewrite mulr_ge0 ?exprn_ge0 ?ler0n.
  rewrite sumr_const -[leLHS]mulr_natl -mulrA exprM -exprMn ler_wpmul2r ?sqr_ge0 //.
  by rewrite ler_nat max_card.
apply: le_trans (ler_wpmul2l (ltW (lamk_gt0 k)) (span _ (W k i) (known_balanced H iJ ne))) _.
rewrite mulrCA mulrDr -/(x k i) mulrDr; have ME (z : R) : M * (g / M * z) = g * z.
  by rewrite mulrA [M * _]mulrC divfK ?gt_eqF.
by apply: ler_add; rewrite -ME ler_pmul2l.
Qed.
End Tops.

Theorem span_settles Z0 i : one_class b w alpha Z0 s s0 J K -> i \in J ->
  token_settles b w alpha Z0 s i.
Proof.
move=> H; pose eta := (1 - lam) / 16%:R; have lt1 := lam_lt1 (class_alpha H).
have e0 : 0 < eta by rewrite divr_gt0 ?ltr0n // subr_gt0.
have lq : lam <= 1 - 16%:R * eta.
  by rewrite /eta mulrC divfK ?pnatr_eq0 // opprB addrC subrK.
apply: (shrinking_settles H e0 lq) => N Vs ties d best d0 pos.
exact: (tops_shrink_span (one_class_later H N) e0 lq d0 pos).
Qed.
End Span.
