(* Attention sets and targets (notes, section 1). Nothing is assumed of the form.

   attn b Z i           C_i: all j for which <z_i, z_j> is greatest
   target b w Z i       m_i: the weighted mean of the tokens of C_i
   leads b Z i          C_i = {i}

   attnP                j in C_i iff <z_i, z_l> <= <z_i, z_j> for all l
   attn_eq attn_notin   products within C_i are equal, and greater than those outside
   attn_ex              C_i is not empty
   attn1P               C_i = {j} iff <z_i, z_l> < <z_i, z_j> for all l != j
   eq_attn              C_i depends on the tokens only (and not on alpha)
   target_max target_ge <z_i, m_i> is the greatest of the <z_i, z_l>
   half_target          M: <x, z_j> <= c for all j implies <x, m_i> <= c
   leadsP               i leads iff <z_i, z_j> < |z_i|^2 for all j != i
   leader_half          then <z_i, z_j> <= |z_i|^2 for all j
   follows_lt follows_le  C_i = {j} iff <z_i, .> is greatest at j alone *)
From mathcomp Require Import all_ssreflect all_algebra.
From Hardmax Require Import Forms Means.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Attention.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V) (w : I -> nat).
Hypothesis w_gt0 : forall i, (0 < w i)%N.
Implicit Types (Z : I -> V) (S : {set I}) (i j l : I).

Definition attn Z i : {set I} := [set j | [forall l, b (Z i) (Z l) <= b (Z i) (Z j)]].
Definition target Z i := mean w Z (attn Z i).
Definition leads Z i := attn Z i == [set i].

Lemma attnP Z i j : reflect (forall l, b (Z i) (Z l) <= b (Z i) (Z j)) (j \in attn Z i).
Proof. by rewrite inE; apply: forallP. Qed.
Lemma attn_eq Z i j l : j \in attn Z i -> l \in attn Z i -> b (Z i) (Z l) = b (Z i) (Z j).
Proof. by move=> /attnP Hj /attnP Hl; apply/eqP; rewrite eq_le Hj Hl. Qed.
Lemma attn_notin Z i j l : j \in attn Z i -> l \notin attn Z i -> b (Z i) (Z l) < b (Z i) (Z j).
Proof.
move=> Hj /attnP Hl; rewrite ltNge; apply/negP => H; apply: Hl => m.
exact: le_trans (attnP _ _ _ Hj m) H.
Qed.
Lemma attn_ex Z i : exists j, j \in attn Z i.
Proof.
have [j _ Hj] := @arg_maxP _ _ _ i xpredT (fun j => b (Z i) (Z j)) isT.
by exists j; apply/attnP => l; apply: Hj.
Qed.
Lemma eq_attn Z Z' i : Z =1 Z' -> attn Z i = attn Z' i.
Proof. by move=> E; apply/setP => j; rewrite !inE; apply: eq_forallb => l; rewrite !E. Qed.
Lemma attn1P Z i j : reflect (forall l, l != j -> b (Z i) (Z l) < b (Z i) (Z j))
  (attn Z i == [set j]).
Proof.
apply: (iffP eqP) => [E l lj|H]; first by apply: attn_notin; rewrite E inE ?eqxx.
apply/setP => l; rewrite [RHS]inE; apply/idP/eqP => [/attnP/(_ j)|->].
  by have [//|/H] := eqVneq l j; rewrite ltNge => /negbTE ->.
by apply/attnP => m; have [->//|/H/ltW] := eqVneq m j.
Qed.

Lemma target_max Z i j : j \in attn Z i -> b (Z i) (target Z i) = b (Z i) (Z j).
Proof.
move=> jC; rewrite /target dot_meanr (@eq_avg _ _ w _ (fun=> b (Z i) (Z j))).
  by rewrite (avg_const w_gt0 _ jC).
by move=> l lC /=; apply: attn_eq.
Qed.
Lemma target_ge Z i l : b (Z i) (Z l) <= b (Z i) (target Z i).
Proof. by have [j jC] := attn_ex Z i; rewrite (target_max jC); apply: (attnP _ _ _ jC). Qed.
Lemma half_target x c Z : (forall j, b x (Z j) <= c) -> forall i, b x (target Z i) <= c.
Proof. by move=> H i; have [j jC] := attn_ex Z i; rewrite dot_meanr (avg_le w_gt0 jC). Qed.

Lemma leadsP Z i : reflect (forall j, j != i -> b (Z i) (Z j) < sq b (Z i)) (leads Z i).
Proof. exact: attn1P. Qed.
Lemma leader_half Z i : leads Z i -> forall j, b (Z i) (Z j) <= sq b (Z i).
Proof. by move=> /leadsP H j; have [->//|/H/ltW] := eqVneq j i. Qed.
Lemma follows_lt Z i j l : attn Z i = [set j] -> l != j -> b (Z i) (Z l) < b (Z i) (Z j).
Proof. by move=> /eqP/attn1P; apply. Qed.
Lemma follows_le Z i j l : attn Z i = [set j] -> b (Z i) (Z l) <= b (Z i) (Z j).
Proof. by move=> E; have [->//|/(follows_lt E)/ltW] := eqVneq l j. Qed.
End Attention.
