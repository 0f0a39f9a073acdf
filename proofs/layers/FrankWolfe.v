(* FW: a layer is a Frank-Wolfe step for maximising |x|^2 / 2 over co(Z).

   energy_step          |x + h|^2 / 2 = |x|^2 / 2 + <x, h> + |h|^2 / 2: the derivative of |x|^2 / 2
                        at x is <x, .>, for symmetric forms
   hull_argmax          over co(Z), <z_i, .> is greatest exactly on the hull of the tokens of C_i
   frank_wolfe          z_i' = z_i + gam (m_i - z_i) with 0 < gam < 1, and m_i is a point of co(Z)
                        at which <z_i, .> is greatest over co(Z); nothing is assumed of the form *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Forms Means Attention Layer Hulls.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section FrankWolfe.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R).
Hypothesis w_gt0 : forall i, (0 < w i)%N.
Implicit Types (Z : I -> V) (i : I) (x h : V).

Lemma energy_step x h : symmetric_form b ->
  sq b (x + h) / 2%:R = sq b x / 2%:R + b x h + sq b h / 2%:R.
Proof. by move=> bC; rewrite (sqD bC); field. Qed.
Lemma hull_le Z i x : conv Z setT x -> b (Z i) x <= b (Z i) (target b w Z i).
Proof. by apply: conv_half => j _; apply: target_ge. Qed.
Theorem hull_argmax Z i x : conv Z setT x ->
  (b (Z i) x = b (Z i) (target b w Z i) <-> conv Z (attn b Z i) x).
Proof.
move=> Kx; split=> [E|Cx].
  have := conv_face (fun l _ => target_ge b w_gt0 Z i l) Kx E; apply: conv_sub.
  apply/subsetP => l; rewrite inE => /andP[_ /eqP El]; apply/attnP => m.
  by rewrite El target_ge.
apply/eqP; rewrite eq_le hull_le // -ler_opp2 -dotNl; apply: conv_half Cx => l lC.
by rewrite dotNl (target_max w_gt0 lC).
Qed.
Theorem frank_wolfe Z i : 0 < alpha -> [/\ 0 < gam alpha < 1,
  layer b w alpha Z i = Z i + gam alpha *: (target b w Z i - Z i),
  conv Z setT (target b w Z i) &
  forall x, conv Z setT x -> b (Z i) x <= b (Z i) (target b w Z i)].
Proof.
move=> a0; split; [by rewrite gam_gt0 ?gam_lt1|exact: layer_step| |exact: hull_le].
by apply: conv_sub (target_in_hull b w_gt0 Z i); apply: subsetT.
Qed.
End FrankWolfe.
