(* The layer (notes, section 1).

   lam alpha            1 / (1 + alpha)
   gam alpha            alpha / (1 + alpha), so that lam + gam = 1
   layer b w alpha Z i  z_i' = (z_i + alpha m_i) / (1 + alpha): where token i stands after a layer
   run b w alpha Z k    the tokens after k layers

   layerE layer_step    z_i' = lam z_i + gam m_i = z_i + gam (m_i - z_i)
   layer_alpha0         at alpha = 0 nothing moves
   eq_layer eq_run      both depend on where the tokens are only
   runS run_add         run of k + 1 layers, and of N + k layers *)
From mathcomp Require Import all_ssreflect all_algebra.
From Hardmax Require Import Forms Means Attention.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Layers.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R).
Implicit Types (Z : I -> V) (i : I).

Definition lam : R := (1 + alpha)^-1.
Definition gam : R := alpha * lam.
Definition layer Z i : V := lam *: (Z i + alpha *: target b w Z i).
Definition run Z k := iter k layer Z.

Lemma runS Z k : run Z k.+1 = layer (run Z k). Proof. by []. Qed.
Lemma run_add Z N k : run Z (N + k) = run (run Z N) k.
Proof. by rewrite /run addnC iterD. Qed.
Lemma layerE Z i : layer Z i = lam *: Z i + gam *: target b w Z i.
Proof. by rewrite /layer scalerDr scalerA mulrC. Qed.
Lemma eq_layer Z Z' : Z =1 Z' -> layer Z =1 layer Z'.
Proof. by move=> E i; rewrite /layer /target (eq_attn _ _ E) (eq_mean _ (in1W E)) E. Qed.
Lemma eq_run Z Z' k : Z =1 Z' -> run Z k =1 run Z' k.
Proof. by move=> E; elim: k => // k IH; apply: eq_layer. Qed.

Hypothesis alpha_gt0 : 0 < alpha.
Lemma alpha1_gt0 : 0 < 1 + alpha. Proof. by rewrite addr_gt0 ?ltr01. Qed.
Lemma lam_gt0 : 0 < lam. Proof. by rewrite invr_gt0 alpha1_gt0. Qed.
Lemma gam_gt0 : 0 < gam. Proof. by rewrite mulr_gt0 ?lam_gt0. Qed.
Lemma lam_gam : lam + gam = 1.
Proof. by rewrite /gam -[X in X + _]mul1r -mulrDl mulfV // gt_eqF ?alpha1_gt0. Qed.
Lemma split_lam c : c = lam * c + gam * c. Proof. by rewrite -mulrDl lam_gam mul1r. Qed.
Lemma lam_lt1 : lam < 1. Proof. by rewrite -lam_gam ltr_addl gam_gt0. Qed.
Lemma gam_lt1 : gam < 1. Proof. by rewrite -lam_gam ltr_addr lam_gt0. Qed.
Lemma layer_step Z i : layer Z i = Z i + gam *: (target b w Z i - Z i).
Proof.
rewrite layerE scalerBr [RHS]addrCA addrC; congr (_ + _).
by rewrite -[X in _ = X - _]scale1r -scalerBl -lam_gam addrK.
Qed.
End Layers.

Lemma layer_alpha0 (R : realFieldType) (V : lmodType R) (I : finType) (b : form V) w
  (Z : I -> V) i : layer b w 0 Z i = Z i.
Proof. by rewrite /layer /lam addr0 invr1 scale1r scale0r addr0. Qed.
