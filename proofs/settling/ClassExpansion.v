(* A class none of whose self-ties expands settles: sqrt(1 + alpha) < w(S)/w_i for its tokens i and
   all balanced sets S; with multiplicities 1 this is alpha < 3.

   tops_shrink_weights  such tops shrink
   gap_eta              finitely many strict inequalities have a common gap 16 eta
   weights_settle       the theorem                                                              *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From mathcomp Require Import reals.
From Hardmax Require Import Theory Converge Capture Reduction.
From Hardmax Require Import ClassSetting ClassScores ClassBest ClassSettles ClassPositive
  ClassShrinking.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Expansion.
Variables (R : realType) (V : lmodType R) (I : finType) (b : form V) (w : I -> nat) (alpha : R).
Variables (s : I -> V) (s0 : V) (J K : {set I}).
Local Notation lam := (lam alpha).
Definition factor i (S : {set I}) : R :=
  lam * (1 + alpha * ((w i)%:R / ((w i)%:R + wt R w S))) ^+ 2.

Section Tops.
Variables (Z0 : I -> V) (Vs : {set I}) (ties : {set I} -> bool) (eta d : R).
Hypothesis H : one_class b w alpha Z0 s s0 J K.
Hypothesis best : best_set b w alpha Z0 s s0 K Vs ties.
Hypotheses (eta_gt0 : 0 < eta) (lam_q : lam <= 1 - 16%:R * eta).
Hypotheses (d_gt0 : 0 < d) (positive : forall k, d <= lift b w alpha Z0 s s0 k Vs).
Hypothesis factor_q : forall i S, i \in J -> balanced w s s0 K S -> factor i S <= 1 - 16%:R * eta.
Let e0 := ltW eta_gt0.
Let q := 1 - 16%:R * eta.
Let rho := 1 - 8%:R * eta.
Let q_ge0 : 0 <= q. Proof. exact: le_trans (ltW (lam_gt0 (class_alpha H))) lam_q. Qed.
Let eta_small : 0 < 1 - eta.
Proof.
have -> : 1 - eta = q + 15%:R * eta by rewrite /q; ring.
by rewrite ltr_paddl // mulr_gt0 ?ltr0n.
Qed.
Let shrink (y A : R) : 0 <= A -> 0 <= y -> y <= A + (eta * y + eta * A) ->
  q * (1 + eta) * y + eta * A <= rho * A.
Proof.
move=> A0 y0 le; rewrite -subr_ge0 -(pmulr_rge0 _ eta_small).
have -> : (1 - eta) * (rho * A - (q * (1 + eta) * y + eta * A)) =
   q * (1 + eta) * (A + (eta * y + eta * A) - y)
   + (4%:R * eta + 40%:R * eta ^+ 2 + 16%:R * eta ^+ 3) * A.
  by rewrite /rho /q; ring.
rewrite addr_ge0 // mulr_ge0 ?subr_ge0 //; first by rewrite mulr_ge0 // addr_ge0 ?ler01.
by rewrite !addr_ge0 ?mulr_ge0 ?exprn_ge0 ?ler0n.
Qed.
Lemma tops_shrink_weights : tops_shrink b w alpha Z0 s s0 J Vs eta.
Proof.
have [B [deg [_ HB]]] := pull_sq_growth H.
have [K0 HK] := errors_small H d_gt0 positive eta_gt0 B deg.
exists K0 => k kk i top; have [ne only] := top_known H top; have [iJ _] := top.
have [e1 e2] := HK k kk; have ec := excess_ge_c H d_gt0 positive k iJ.
have A0 : 0 <= excess b w alpha Z0 s s0 Vs k i.
  by apply: le_trans ec; apply: le_trans (positive k); apply: ltW.
have Qi : i \in attn b (run b w alpha Z0 k) i ->
    lam * (1 + alpha * share b w alpha Z0 K k i) ^+ 2 <= q.
  by move=> _; apply: factor_q iJ (known_balanced H iJ ne).
apply: le_trans (tie_step H eta_gt0 HB iJ only ne lam_q Qi) _.
apply: le_trans (ler_add (lexx _) (le_trans e2 (ler_wpmul2l e0 ec))) _.
apply: shrink => //; first exact: (spread_ge0 H).
apply: le_trans (attends_known H best eta_gt0 HB iJ ne) _; rewrite ler_add2l ler_add2l.
exact: le_trans e1 (ler_wpmul2l e0 ec).
Qed.
End Tops.

Variable Z0 : I -> V.
Hypothesis H : one_class b w alpha Z0 s s0 J K.
Hypothesis weights : forall i S, i \in J -> balanced w s s0 K S ->
  (1 + alpha) * (w i)%:R ^+ 2 < wt R w S ^+ 2.
Let w_gt0 := class_w H.
Let alpha_gt0 := class_alpha H.
Lemma factor_lt1 i S : i \in J -> balanced w s s0 K S -> factor i S < 1.
Proof.
move=> iJ bS; rewrite /factor /lam; have a1 := alpha1_gt0 alpha_gt0.
rewrite ltr_pdivr_mull // mulr1; have := weights iJ bS; case/and3P: bS => /set0Pn[j jS] _ _.
have w0 : 0 < (w i)%:R :> R := wpos R w_gt0 i; have W0 := wt_gt0 R w_gt0 jS.
set W := wt R w S in W0 *; have s_gt0 : 0 < (w i)%:R + W by rewrite addr_gt0.
rewrite -subr_gt0 => lt; rewrite -subr_gt0 -(pmulr_rgt0 _ (exprn_gt0 2 s_gt0)).
have -> : ((w i)%:R + W) ^+ 2 * (1 + alpha - (1 + alpha * ((w i)%:R / ((w i)%:R + W))) ^+ 2) =
   alpha * (W ^+ 2 - (1 + alpha) * (w i)%:R ^+ 2) by field; rewrite gt_eqF.
by rewrite mulr_gt0.
Qed.
Lemma gap_eta : exists2 eta, 0 < eta & lam <= 1 - 16%:R * eta /\
  forall i S, i \in J -> balanced w s s0 K S -> factor i S <= 1 - 16%:R * eta.
Proof.
have l1 : 0 < 1 - lam by rewrite subr_gt0 lam_lt1.
pose room (t : option (I * {set I})) := if t is Some u then
  if (u.1 \in J) && balanced w s s0 K u.2 then 1 - factor u.1 u.2 else 1 else 1 - lam.
have [|eta e0 He] := @small_factor R [finType of option (I * {set I})] (fun=> 16%:R) room.
  case=> [[i S]|] //=; case: ifP => [/andP[iJ bS]|_]; last exact: ltr01.
  by rewrite subr_gt0 factor_lt1.
exists eta => //; split=> [|i S iJ bS].
  by have := He None; rewrite /= mulrC ler_subr_addr addrC -ler_subr_addr.
have := He (Some (i, S)); rewrite /= iJ bS /= mulrC.
by rewrite ler_subr_addr addrC -ler_subr_addr.
Qed.
Theorem weights_settle i : i \in J -> token_settles b w alpha Z0 s i.
Proof.
have [eta e0 [lq fq]] := gap_eta.
apply: (shrinking_settles H e0 lq) => N Vs ties d best d0 pos.
exact: (tops_shrink_weights (one_class_later H N) best e0 lq d0 pos fq).
Qed.
End Expansion.
