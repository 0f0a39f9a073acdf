(* A class in the plane settles, for every alpha and all multiplicities: if s0 and a direction
   s_l - s0 span, then at a top the part of W_i across the face is bounded by a polynomial, since i
   sees l as well as a balanced set, and the part along s0 is small beside A_i.

   spans                every vector is known by its parts along s0 and along any s_l - s0, l in K
   plane_bound          the arithmetic of the last step
   across_bound         |<W_i, s_l - s0>| <= B (k+1)^q if i sees the known token l
   tops_shrink_plane    such tops shrink
   plane_settles        the theorem                                                              *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From mathcomp Require Import reals.
From Hardmax Require Import Theory Converge Capture Reduction Polynomials Bounds.
From Hardmax Require Import ClassSetting ClassScores ClassBest ClassSettles ClassPositive
  ClassShrinking.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Plane.
Variables (R : realType) (V : lmodType R) (I : finType) (b : form V) (w : I -> nat) (alpha : R).
Variables (s : I -> V) (s0 : V) (J K : {set I}).
Local Notation lam := (lam alpha).
(* Every vector is known by its parts along s0 and along a direction of the face. *)
Definition spans := forall l y, l \in K -> sq b s0 * sq b (s l - s0) * sq b y =
  sq b (s l - s0) * b s0 y ^+ 2 + sq b s0 * b y (s l - s0) ^+ 2.
Hypotheses (s0_neq0 : s0 != 0) (away : forall l, l \in K -> s l != s0) (plane : spans).

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
Let s2 : 0 < sq b s0. Proof. exact: b_pd. Qed.
Let t2 l : l \in K -> 0 < sq b (s l - s0).
Proof. by move=> lK; apply: b_pd; rewrite subr_eq0 away. Qed.

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
Lemma plane_bound (v a e : R) : 0 <= v -> 0 <= a -> v <= g * (a + v) + g * a -> e <= eta * a ->
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
rewrite /Theory.lam ler_pdivr_mull ?alpha1_gt0 // -expr2.
rewrite /share ler_pexpn2r ?nnegrE ?addr_ge0 ?ler01 //.
  rewrite ler_add2l ler_pimulr // ler_pdivr_mulr ?addr_gt0 // mul1r ler_addl; exact: ltW.
by rewrite mulr_ge0 // divr_ge0 ?addr_ge0 // ltW.
Qed.
Lemma tops_shrink_plane : tops_shrink b w alpha Z0 s s0 J Vs eta.
Proof.
have [B [deg [_ HB]]] := pull_sq_growth H; have [B2 [deg2 [B20 HB2]]] := across_bound.
have along_small : ev (fun k => forall i, `|b (dev k i) s0| <= g * sq b s0).
  apply: ev_all => i; have h : 0 < g * sq b s0 by rewrite mulr_gt0.
  have yB (k : nat) : sq b ((fun=> s0) k) <= sq b s0 by [].
  have [M HM] := dot_small bC b_pd yB (dev_small H i) h.
  by exists M => k /HM; rewrite subr0.
have across_small : ev (fun k => forall l, l \in K ->
    lam ^+ k * (B2 * k.+1%:R ^+ deg2) ^+ 2 <= g * d * sq b (s l - s0)).
  apply: ev_all => l; have [lK|lK] := boolP (l \in K); last by apply: ev_always.
  have h : 0 < g * d * sq b (s l - s0) by rewrite !mulr_gt0 ?t2.
  apply: ev_mono (lam_beats H (B2 ^+ 2) (deg2 * 2) h) _ => k.
  by rewrite exprMn -exprM.
have [K0 HK] := ev_and (errors_small H d_gt0 positive eta_gt0 B deg)
  (ev_and HB2 (ev_and along_small across_small)).
exists K0 => k kk i top; have [[_ e2] [hb [he hc]]] := HK k kk.
have [iJ _] := top; have [ne only] := top_known H top; have [l lk] := set0Pn _ ne.
have lK : l \in K by move: lk; rewrite inE => /andP[].
have cA := excess_ge_c H d_gt0 positive k iJ; have c0 := le_trans (ltW d_gt0) (positive k).
have dA := le_trans (positive k) cA; have A0 := le_trans c0 cA.
have lp : lam <= 1 + alpha.
  by apply: le_trans (ltW (lam_lt1 alpha_gt0)) _; rewrite ler_addl ltW.
apply: le_trans (tie_step H eta_gt0 HB iJ only ne lp (fun _ => share_bound ne)) _.
apply: plane_bound; rewrite ?(spread_ge0 H) //; last exact: le_trans e2 (ler_wpmul2l e0 cA).
have [_ xn] := along_neg H k iJ; move: (hb i l iJ lk) (hc l lK) => {}hb {}hc.
set tau := s l - s0 in hb hc *; have tau2 : 0 < sq b tau := t2 lK.
have split : sq b s0 * sq b tau * y k i =
    sq b tau * (lam ^+ k * x k i ^+ 2) + sq b s0 * (lam ^+ k * b (W k i) tau ^+ 2).
  rewrite /spread mulrCA (plane (W k i) lK) -/tau /along; move: (lam ^+ k) => r; ring.
have xb : - x k i <= A k i + y k i.
  apply: le_trans (_ : - (2%:R * x k i) <= _).
    by rewrite -mulrN ler_pemull ?ler1n // oppr_ge0 ltW.
  rewrite -subr_ge0; have -> : A k i + y k i - - (2%:R * x k i) = 2%:R * lift k Vs.
    by rewrite /excess; ring.
  by rewrite mulr_ge0 ?ler0n.
have h1 : lam ^+ k * x k i ^+ 2 <= g * sq b s0 * (A k i + y k i).
  have -> : lam ^+ k * x k i ^+ 2 = - b (dev k i) s0 * - x k i.
    by rewrite -(dot_dev H) /along (bC (W k i)); ring.
  apply: le_trans (_ : g * sq b s0 * - x k i <= _).
    rewrite ler_wpmul2r ?oppr_ge0 ?(ltW xn) //; apply: le_trans (he i).
    by rewrite -normrN; apply: ler_norm.
  by rewrite ler_wpmul2l // mulr_ge0 ?(ltW g0) ?(ltW s2).
have h2 : lam ^+ k * b (W k i) tau ^+ 2 <= g * A k i * sq b tau.
  apply: le_trans (_ : lam ^+ k * (B2 * k.+1%:R ^+ deg2) ^+ 2 <= _).
    rewrite ler_wpmul2l ?(ltW (lamk_gt0 k)) // -(real_normK (num_real _)) ler_pexpn2r ?nnegrE //.
    exact: le_trans hb.
  by apply: le_trans hc _; rewrite ler_wpmul2r ?(ltW tau2) // ler_wpmul2l ?(ltW g0).
have st : 0 < sq b s0 * sq b tau by rewrite mulr_gt0.
rewrite -(ler_pmul2l st) split.
have -> : sq b s0 * sq b tau * (g * (A k i + y k i) + g * A k i) =
   sq b tau * (g * sq b s0 * (A k i + y k i)) + sq b s0 * (g * A k i * sq b tau) by ring.
by apply: ler_add; rewrite ler_pmul2l.
Qed.
End Tops.

Theorem plane_settles Z0 i : one_class b w alpha Z0 s s0 J K -> i \in J ->
  token_settles b w alpha Z0 s i.
Proof.
move=> H; pose eta := (1 - lam) / 16%:R; have lt1 := lam_lt1 (class_alpha H).
have e0 : 0 < eta by rewrite divr_gt0 ?ltr0n // subr_gt0.
have lq : lam <= 1 - 16%:R * eta.
  by rewrite /eta mulrC divfK ?pnatr_eq0 // opprB addrC subrK.
apply: (shrinking_settles H e0 lq) => N Vs ties d best d0 pos.
exact: (tops_shrink_plane (one_class_later H N) e0 lq d0 pos).
Qed.
End Plane.
