(* M: means with multiplicities.

   wt R w S             w(S), the sum of the multiplicities w_j over j in S
   mean w Z S           the weighted mean of the points Z_j over j in S
   avg w g S            the weighted mean of the numbers g_j over j in S

   avg_const avgB ..    a mean of equal numbers; differences; signs
   avg_le avg_lt        g <= c on S implies that the mean is <= c; it is < c if one g_j is
   avg_part             g >= 0 on S and j in S imply g_j / W <= the mean, W all of the weight
   dot_meanr            M: <x, mean> is the mean of the numbers <x, Z_j>
   mean_const mean1 eq_mean   a mean of equal points, and of one point *)
From mathcomp Require Import all_ssreflect all_algebra.
From Hardmax Require Import Forms.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Means.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V) (w : I -> nat).
Hypothesis w_gt0 : forall i, (0 < w i)%N.
Implicit Types (Z : I -> V) (S : {set I}) (i j l : I).

Definition wt S : R := \sum_(j in S) (w j)%:R.
Definition mean Z S : V := (wt S)^-1 *: \sum_(j in S) (w j)%:R *: Z j.
Definition avg (g : I -> R) S : R := (wt S)^-1 * \sum_(j in S) (w j)%:R * g j.

Lemma wpos j : 0 < (w j)%:R :> R. Proof. by rewrite ltr0n. Qed.
Lemma wt_ge0 S : 0 <= wt S. Proof. by apply: sumr_ge0 => l _; rewrite ler0n. Qed.
Lemma wt_gt0 S j : j \in S -> 0 < wt S.
Proof.
move=> jS; rewrite /wt (bigD1 j) //= ltr_paddr ?wpos // sumr_ge0 // => l _.
by rewrite ler0n.
Qed.
Lemma avg_const c S j : j \in S -> avg (fun=> c) S = c.
Proof. by move=> jS; rewrite /avg -mulr_suml mulKf // gt_eqF ?(wt_gt0 jS). Qed.
Lemma eq_avg g h S : {in S, g =1 h} -> avg g S = avg h S.
Proof. by move=> E; congr (_ * _); apply: eq_bigr => j /E ->. Qed.
Lemma avgB g h S : avg (fun j => g j - h j) S = avg g S - avg h S.
Proof.
rewrite /avg -mulrBr -sumrB; congr (_ * _); apply: eq_bigr => j _; exact: mulrBr.
Qed.
Lemma avg_sum (J : finType) (g : I -> J -> R) (Q : pred J) S :
  \sum_(j | Q j) avg (fun l => g l j) S = avg (fun l => \sum_(j | Q j) g l j) S.
Proof.
rewrite /avg -mulr_sumr exchange_big /=; congr (_ * _).
by apply: eq_bigr => l _; rewrite mulr_sumr.
Qed.
Lemma avg_ge0 g S : {in S, forall j, 0 <= g j} -> 0 <= avg g S.
Proof.
move=> g0; rewrite mulr_ge0 // ?invr_ge0 ?sumr_ge0 // => j jS; first by rewrite ler0n.
by rewrite mulr_ge0 ?ler0n ?g0.
Qed.
Lemma avg_gt0 g S j : {in S, forall j, 0 <= g j} -> j \in S -> 0 < g j -> 0 < avg g S.
Proof.
move=> g0 jS gj; rewrite mulr_gt0 ?invr_gt0 ?(wt_gt0 jS) // (bigD1 j) //= ltr_paddr //.
  by rewrite sumr_ge0 // => l /andP[lS _]; rewrite mulr_ge0 ?ler0n ?g0.
by rewrite mulr_gt0 ?wpos.
Qed.
Lemma avg_le g S c j : j \in S -> {in S, forall j, g j <= c} -> avg g S <= c.
Proof.
move=> jS H; rewrite -subr_ge0 -(avg_const c jS) -avgB avg_ge0 // => l lS.
by rewrite subr_ge0 H.
Qed.
Lemma avg_lt g S c j : j \in S -> {in S, forall j, g j <= c} -> g j < c -> avg g S < c.
Proof.
move=> jS H gj; rewrite -subr_gt0 -(avg_const c jS) -avgB (@avg_gt0 _ _ j) ?subr_gt0 //.
by move=> l lS; rewrite subr_ge0 H.
Qed.
Lemma avg_part g S j : {in S, forall l, 0 <= g l} -> j \in S ->
  g j / (\sum_l (w l)%:R) <= avg g S.
Proof.
move=> g0 jS; have S0 := wt_gt0 jS; have gj := g0 _ jS.
have SW : wt S <= \sum_l (w l)%:R.
  by rewrite [leRHS](bigID (mem S)) /= ler_addl sumr_ge0 // => l _; rewrite ler0n.
rewrite /avg mulrC ler_pmul ?invr_ge0 ?(le_trans (ltW S0) SW) //.
  by rewrite lef_pinv ?posrE ?(lt_le_trans S0 SW).
rewrite (bigD1 j) //= ler_paddr //.
  by rewrite sumr_ge0 // => l /andP[lS _]; rewrite mulr_ge0 ?ler0n ?g0.
by rewrite ler_pemull // ler1n.
Qed.

Lemma dot_meanr x Z S : b x (mean Z S) = avg (fun j => b x (Z j)) S.
Proof.
by rewrite /mean dotZr dot_sumr; congr (_ * _); apply: eq_bigr => j _; rewrite dotZr.
Qed.
Lemma mean_const x Z S j : j \in S -> {in S, forall j, Z j = x} -> mean Z S = x.
Proof.
move=> jS H; rewrite /mean (eq_bigr (fun j => (w j)%:R *: x)) => [|l /H -> //].
by rewrite -scaler_suml scalerA mulVf ?scale1r // gt_eqF // (wt_gt0 jS).
Qed.
Lemma eq_mean Z Z' S : {in S, Z =1 Z'} -> mean Z S = mean Z' S.
Proof. by move=> E; congr (_ *: _); apply: eq_bigr => j /E ->. Qed.
Lemma mean1 Z i : mean Z [set i] = Z i.
Proof. by apply: (@mean_const _ _ _ i) => [|j]; rewrite ?set11 // inE => /eqP ->. Qed.
End Means.
