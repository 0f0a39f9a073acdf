(* Every token is a Cauchy sequence, over any archimedean ordered field. Excluded middle is the
   hypothesis em of the lemmas that need it.

   mass_small           the masses outside the leaders become small
   norm_increments      so do |z_i^(k+1)|^2 - |z_i^k|^2
   slack_small          and the slacks <z_i, m_i> - |z_i|^2
   stable_cauchy        for every e > 0, |z_i^k - z_i^l|^2 <= e for all k, l from some layer on *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory Small Mass Feet Walk.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Cauchy.
Variables (R : archiFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R).
Hypothesis w_gt0 : forall i, (0 < w i)%N.
Hypothesis alpha_gt0 : 0 < alpha.
Hypotheses (bC : symmetric_form b) (b_pd : posdef b).
Variables (Z0 : I -> V) (L : {set I}).
Hypothesis Z0_inj : injective Z0.
Local Notation Z k := (run b w alpha Z0 k).
Local Notation lam := (lam alpha).
Local Notation gam := (gam alpha).
Hypothesis L_leads : forall k i, leads b (Z k) i = (i \in L).

Local Notation P := (P b w alpha Z0).
Local Notation mass := (mass b w alpha Z0 L).
Local Notation slack k i := (slack b w (Z k) i).
Local Notation M := (M b Z0).
Local Notation blur i := (blur b w alpha Z0 L i).
Local Notation label i := (label b w alpha Z0 L i).

Lemma mass_small i : small (mass^~ i).
Proof.
move=> e /(expr_small (rate_lt1 w_gt0 alpha_gt0 i))[m Hm]; exists (m * #|I|)%N => k mk.
rewrite -(subnKC mk); apply: (mass_mono w_gt0 alpha_gt0) => j.
apply: le_trans (Hm m (leqnn m)).
exact: (mass_rate w_gt0 alpha_gt0 bC b_pd Z0_inj L_leads).
Qed.

Hypothesis em : forall P : Prop, P \/ ~ P.
Lemma norm_increments i : small (fun k => sq b (Z k.+1 i) - sq b (Z k i)).
Proof.
move=> e e0; have [k|k|N HN] := @grows_small R em (fun k => sq b (Z k i)) M _ _ e e0.
- by rewrite norm_grows.
- exact: M_run.
by exists N => k Nk; apply: HN.
Qed.
Lemma slack_small i : small (fun k => slack k i).
Proof.
have g0 : 0 < 2%:R * gam by rewrite mulr_gt0 ?ltr0n ?gam_gt0.
have c0 : 0 <= (2%:R * gam)^-1 by rewrite invr_ge0 ltW.
apply: small_le (small_scale c0 (norm_increments i)) => k.
by rewrite -(ler_pmul2l g0) mulVKf ?gt_eqF // norm_growth_slack.
Qed.
Theorem stable_cauchy i e : 0 < e -> exists N, forall k l,
  (N <= k)%N -> (N <= l)%N -> sq b (Z k i - Z l i) <= e.
Proof.
move=> e0; pose m : R := (#|{: {set I}}|.*2)%:R.
have m0 : 0 < m by rewrite ltr0n double_gt0; apply/card_gt0P; exists set0.
pose eta := e / m ^+ 2; have eta0 : 0 < eta by rewrite divr_gt0 // exprn_gt0.
pose c := 2%:R * M * #|I|%:R + 1.
have M2 : 0 <= 2%:R * M by rewrite mulr_ge0 ?ler0n ?(M_ge0 b_pd Z0).
have c0 : 0 < c by rewrite ltr_paddl ?ltr01 // mulr_ge0 ?ler0n.
pose tau := eta / 4%:R / c; have e4 : 0 < eta / 4%:R by rewrite divr_gt0 ?ltr0n.
have tau0 : 0 < tau by rewrite divr_gt0.
have : small (fun k => tau^-1 * (slack k i + M * mass k i) + 2%:R * M * mass k i).
  apply: small_add (small_scale _ _) (small_scale M2 (mass_small i)).
    by rewrite invr_ge0 ltW.
  exact: small_add (slack_small i) (small_scale (M_ge0 b_pd Z0) (mass_small i)).
case/(_ _ e4)=> N1 H1; have [N2 H2] := norm_increments i eta0.
exists (maxn N1 N2) => k0 l0.
wlog kl : k0 l0 / (k0 <= l0)%N.
  by move=> W kN lN; case/orP: (leq_total k0 l0) => [/W->//|/W]; rewrite (sqBC bC); apply.
move=> Nk _; have blurN k : (maxn N1 N2 <= k)%N -> blur i tau k <= eta / 2%:R.
  rewrite geq_max => /andP[/H1 h _]; rewrite /Feet.blur /defect mulrDr addrA addrAC.
  have -> : eta / 2%:R = eta / 4%:R + eta / 4%:R.
    by field.
  apply: ler_add; first by rewrite mulrC.
  have -> : eta / 4%:R = c * tau by rewrite [RHS]mulrC /tau divfK ?gt_eqF.
  by rewrite mulrA ler_wpmul2r ?(ltW tau0) // ler_addl ler01.
have := walk bC b_pd (lab := label i tau) (x := fun k => Z k i) (ltW eta0) _ _ (A := setT) Nk kl.
have Em : m ^+ 2 * eta = e by rewrite mulrC divfK // expf_neq0 ?gt_eqF.
rewrite /near cardsT -/m Em; apply => [k l kN lN|k|t _].
- move/(dist_same w_gt0 alpha_gt0 bC b_pd L_leads tau0)/le_trans; apply.
  by rewrite [leRHS]splitr ler_add ?blurN.
- rewrite geq_max => /andP[_ /H2]; apply: le_trans; exact: norm_growth_step.
by rewrite inE.
Qed.
End Cauchy.
