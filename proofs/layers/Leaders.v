(* I and R: leaders stay, and followers of one leader come to it at a fixed rate.
   Nothing is assumed of the form.

   locked b Z i j       C_i = {j} = C_j: token i follows the leader j (or leads, if i = j)

   leader_still         a leader does not move
   leader_stays         I: a leader leads at the next layer
   leader_forever       and at every later layer, at its place
   leader_exposed_hull  on the hull of all tokens <z_i, .> is greatest at the leader z_i alone
   locked_stays         R: a locked row is locked at the next layer
   locked_rate          z_i' - z_j' = lam (z_i - z_j)
   locked_forever       at every later layer, z_i^t - z_j^t = lam^t (z_i - z_j) *)
From mathcomp Require Import all_ssreflect all_algebra.
From Hardmax Require Import Forms Means Attention Layer Hulls.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Leaders.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R).
Hypothesis w_gt0 : forall i, (0 < w i)%N.
Hypothesis alpha_gt0 : 0 < alpha.
Implicit Types (Z : I -> V) (i j l : I).
Local Notation layer := (layer b w alpha).
Local Notation run := (run b w alpha).

Lemma leader_still Z i : leads b Z i -> layer Z i = Z i.
Proof.
by rewrite /leads => /eqP E; rewrite layerE /target E mean1 // -scalerDl lam_gam // scale1r.
Qed.
Theorem leader_stays Z i : leads b Z i -> leads b (layer Z) i.
Proof.
move=> L; apply/leadsP => j ji; rewrite /sq !(leader_still L) -/(sq b _).
by apply: half_layer_lt => //; [apply: leader_half|apply: (leadsP _ _ _ L)].
Qed.
Theorem leader_forever Z i t : leads b Z i -> leads b (run Z t) i /\ run Z t i = Z i.
Proof.
move=> L; elim: t => [//|t [Lt E]]; rewrite runS.
by split; [apply: leader_stays|rewrite leader_still].
Qed.
Lemma leads_later Z i k t : leads b (run Z k) i -> leads b (run Z (k + t)) i.
Proof. by move=> L; rewrite run_add; case: (leader_forever t L). Qed.
Lemma leader_exposed_hull Z i x : leads b Z i -> conv Z setT x -> x != Z i ->
  b (Z i) x < sq b (Z i).
Proof.
move=> L Kx; rewrite ltNge; apply: contra => H; apply/eqP.
by apply: conv_exposed Kx H => j _; apply: (leadsP _ _ _ L).
Qed.

Definition locked Z i j := (attn b Z i == [set j]) && leads b Z j.
Theorem locked_stays Z i j : locked Z i j -> locked (layer Z) i j.
Proof.
rewrite {1}/locked => /andP[/eqP E L]; rewrite /locked leader_stays // andbT.
have Zi' : layer Z i = lam alpha *: Z i + gam alpha *: Z j by rewrite layerE /target E mean1.
apply/attn1P => m mj; rewrite (leader_still L) Zi' !dotDl !dotZl; apply: ler_lt_add.
  by rewrite ler_pmul2l ?lam_gt0 // half_layer // => p; apply: follows_le.
rewrite ltr_pmul2l ?gam_gt0 // half_layer_lt //; [exact: leader_half|].
by apply/(leadsP _ _ _ L).
Qed.
Theorem locked_rate Z i j : locked Z i j -> layer Z i - layer Z j = lam alpha *: (Z i - Z j).
Proof.
rewrite {1}/locked => /andP[/eqP E L]; rewrite (leader_still L) layerE /target E mean1 //.
rewrite -[X in _ - X]scale1r -(lam_gam alpha_gt0) scalerDl opprD addrACA subrr addr0.
by rewrite scalerBr.
Qed.
Theorem locked_forever Z i j t : locked Z i j ->
  locked (run Z t) i j /\ run Z t i - run Z t j = lam alpha ^+ t *: (Z i - Z j).
Proof.
move=> L; elim: t => [|t [Lt IH]]; first by rewrite expr0 scale1r.
by rewrite !runS locked_stays // locked_rate // IH scalerA exprS.
Qed.
End Leaders.
