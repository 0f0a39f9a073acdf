(* S: distinct tokens stay distinct.

   monotone_targets     <z_i - z_j, m_i - m_j> >= 0; nothing is assumed of the form
   separation           |z_i' - z_j'|^2 = lam^2 (|z_i - z_j|^2 + 2 alpha <z_i - z_j, m_i - m_j>
                                                 + alpha^2 |m_i - m_j|^2), for symmetric forms
   separation_le        lam^2 |z_i - z_j|^2 <= |z_i' - z_j'|^2, for semidefinite forms
   layer_inj run_inj    so distinct tokens stay distinct, for definite forms *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Forms Means Attention Layer Norms.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Separation.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R).
Hypothesis w_gt0 : forall i, (0 < w i)%N.
Hypothesis alpha_gt0 : 0 < alpha.
Implicit Types (Z : I -> V) (i j : I).
Local Notation layer := (layer b w alpha).
Local Notation target := (target b w).

Lemma monotone_targets Z i j : 0 <= b (Z i - Z j) (target Z i - target Z j).
Proof.
have -> : b (Z i - Z j) (target Z i - target Z j) =
  (b (Z i) (target Z i) - b (Z i) (target Z j)) + (b (Z j) (target Z j) - b (Z j) (target Z i)).
  by rewrite dotBl !dotBr; ring.
by rewrite addr_ge0 // subr_ge0 half_target // => l; apply: target_ge.
Qed.

Hypothesis bC : symmetric_form b.
Theorem separation Z i j : sq b (layer Z i - layer Z j) =
  lam alpha ^+ 2 * (sq b (Z i - Z j) + 2%:R * alpha * b (Z i - Z j) (target Z i - target Z j)
                    + alpha ^+ 2 * sq b (target Z i - target Z j)).
Proof.
rewrite /layer -scalerBr sqZ; congr (_ * _).
have -> : Z i + alpha *: target Z i - (Z j + alpha *: target Z j)
  = (Z i - Z j) + alpha *: (target Z i - target Z j) by rewrite opprD addrACA scalerBr.
by rewrite (sqD bC) dotZr sqZ; ring.
Qed.
Theorem separation_le Z i j : semidef b ->
  lam alpha ^+ 2 * sq b (Z i - Z j) <= sq b (layer Z i - layer Z j).
Proof.
move=> psd; rewrite separation ler_wpmul2l ?exprn_ge0 ?(ltW (lam_gt0 _)) // -addrA ler_addl.
apply: addr_ge0; last by rewrite mulr_ge0 ?psd ?exprn_ge0 ?(ltW alpha_gt0).
by rewrite mulr_ge0 ?monotone_targets // mulr_ge0 ?ler0n ?(ltW alpha_gt0).
Qed.

Hypothesis b_pd : posdef b.
Theorem layer_inj Z : injective Z -> injective (layer Z).
Proof.
move=> inj i j E; apply/inj/eqP; rewrite -subr_eq0 -(sq_eq0 b_pd) eq_le sq_ge0 // andbT.
have := separation_le Z i j (posdef_semidef b_pd); rewrite E subrr /sq dot0l.
by rewrite pmulr_rle0 // exprn_gt0 ?lam_gt0.
Qed.

Variable Z0 : I -> V.
Hypothesis Z0_inj : injective Z0.
Theorem run_inj k : injective (run b w alpha Z0 k).
Proof. by elim: k => // k IH; apply: layer_inj. Qed.
End Separation.
