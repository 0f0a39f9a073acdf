(* N: norms grow.

   slack b w Z i        <z_i, m_i> - |z_i|^2 = <z_i, m_i - z_i>, never negative
   norm_growth          |z_i'|^2 - |z_i|^2 = 2 gam slack + |z_i' - z_i|^2, for symmetric forms
   norm_growth_step     |z_i'|^2 - |z_i|^2 >= |z_i' - z_i|^2
   norm_growth_target   |z_i'|^2 - |z_i|^2 >= gam^2 |m_i - z_i|^2
   norm_growth_slack    |z_i'|^2 - |z_i|^2 >= 2 gam slack, for semidefinite forms
   norm_grows_semidef   |z_i'|^2 >= |z_i|^2, for semidefinite forms
   norm_grows           the same for definite forms
   norm_stays           |z_i'| = |z_i| implies z_i' = z_i
   norm_grows_run       |z_i| grows with the layers: |z_i^k| <= |z_i^(k+t)|
   nonzero_stays        tokens that are not 0 stay so *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Forms Means Attention Layer.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Lemma posdef_semidef (R : realFieldType) (V : lmodType R) (b : form V) : posdef b -> semidef b.
Proof. by move=> b_pd x; apply: sq_ge0. Qed.

Section Norms.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R).
Hypothesis w_gt0 : forall i, (0 < w i)%N.
Hypothesis alpha_gt0 : 0 < alpha.
Implicit Types (Z : I -> V) (i : I).
Local Notation layer := (layer b w alpha).
Local Notation run := (run b w alpha).
Local Notation gam := (gam alpha).

Definition slack Z i : R := b (Z i) (target b w Z i) - sq b (Z i).
Lemma slack_ge0 Z i : 0 <= slack Z i. Proof. by rewrite subr_ge0 target_ge. Qed.
Lemma slack_term_ge0 Z i : 0 <= 2%:R * gam * slack Z i.
Proof. by rewrite mulr_ge0 ?slack_ge0 // mulr_ge0 ?ler0n // ltW ?gam_gt0. Qed.

Hypothesis bC : symmetric_form b.
Theorem norm_growth Z i : sq b (layer Z i) - sq b (Z i) =
  2%:R * gam * slack Z i + sq b (layer Z i - Z i).
Proof.
have -> : layer Z i - Z i = gam *: (target b w Z i - Z i).
  by rewrite layer_step // addrC addKr.
by rewrite layer_step // (sqD bC) dotZr dotBr /slack /sq; ring.
Qed.
Lemma norm_growth_step Z i : sq b (layer Z i - Z i) <= sq b (layer Z i) - sq b (Z i).
Proof. by rewrite norm_growth ler_addr slack_term_ge0. Qed.
Theorem norm_growth_target Z i :
  gam ^+ 2 * sq b (target b w Z i - Z i) <= sq b (layer Z i) - sq b (Z i).
Proof. by have := norm_growth_step Z i; rewrite {1}layer_step // [Z i + _]addrC addrK sqZ. Qed.
Theorem norm_grows_semidef Z i : semidef b -> sq b (Z i) <= sq b (layer Z i).
Proof. by move=> psd; rewrite -subr_ge0 (le_trans _ (norm_growth_step Z i)). Qed.

Hypothesis b_pd : posdef b.
Theorem norm_grows Z i : sq b (Z i) <= sq b (layer Z i).
Proof. exact/norm_grows_semidef/posdef_semidef. Qed.
Lemma norm_growth_slack Z i : 2%:R * gam * slack Z i <= sq b (layer Z i) - sq b (Z i).
Proof. by rewrite norm_growth ler_addl sq_ge0. Qed.
Theorem norm_stays Z i : sq b (layer Z i) = sq b (Z i) -> layer Z i = Z i.
Proof.
move=> E; have := norm_growth_step Z i; rewrite E subrr => H.
by apply/eqP; rewrite -subr_eq0 -(sq_eq0 b_pd) eq_le H sq_ge0.
Qed.
Theorem norm_grows_run Z k t i : sq b (run Z k i) <= sq b (run Z (k + t) i).
Proof.
by elim: t => [|t IH]; rewrite ?addn0 // addnS; apply: le_trans IH (norm_grows _ _).
Qed.
Corollary nonzero_stays Z k i : Z i != 0 -> run Z k i != 0.
Proof.
move=> Zi; rewrite -(sq_eq0 b_pd) gt_eqF //.
exact: lt_le_trans (b_pd Zi) (norm_grows_run Z 0 k i).
Qed.
End Norms.
