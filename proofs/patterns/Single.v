(* Notes 8.3: in a pattern that stands for ever, a token that alone is attended to leads.

   The pattern is C, over an archimedean field; by 8.2 z_i(t) = s_i + lam^t P_i(t), P_i polynomials.

   fall j t                 D(t) = P_j(t) - lam P_j(t+1): z_j(t) - z_j(t+1) = lam^t D(t)
   fall_target              lam^t D(t) = gam (z_j - m_j)
   single_attention_leads   C_i = {j} implies C_j = {j}, also if j moves
   single_attention_locked  so row i is locked at all layers *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory Converge Reduction Pattern OneBase Steps.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Single.
Variables (R : archiFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R) (Z : I -> V) (C : I -> {set I}) (s : I -> V).
Variable P : I -> nat -> V.
Hypotheses (w_gt0 : forall i, (0 < w i)%N) (alpha_gt0 : 0 < alpha).
Hypotheses (bC : symmetric_form b) (b_pd : posdef b).
Local Notation lam := (lam alpha).
Local Notation z := (run b w alpha Z).
Hypotheses (C_stands : stands b w alpha Z C) (z_base : one_base lam z s P).

Definition fall j t := P j t - lam *: P j t.+1.
Lemma fall_poly j : polynomial_in (fall j).
Proof. by case: z_base => H _; apply/polynomialB/polynomialZ/polynomial_next. Qed.
Lemma fallE j t : z t j - z t.+1 j = lam ^+ t *: fall j t.
Proof.
case: z_base => _ H; rewrite !H opprD addrACA subrr add0r exprSr -scalerA.
by rewrite -scalerBr.
Qed.
Lemma fall_target j t : lam ^+ t *: fall j t = gam alpha *: (z t j - target b w (z t) j).
Proof.
rewrite -fallE runS layer_step // opprD addrA subrr sub0r -scalerN; congr (_ *: _).
by rewrite opprB.
Qed.

Lemma single_leads_ones i j : C i = [set j] -> C j = [set j].
Proof.
move=> E; have lam0 := lam_gt0 alpha_gt0; have lamt t : 0 < lam ^+ t by rewrite exprn_gt0.
have lam01 : 0 < lam < 1 by rewrite lam0 lam_lt1.
have [HP Hz] := z_base; have HD := fall_poly j.
have ss : s i = s j by rewrite -(ones_rest alpha_gt0 C_stands z_base) E mean1.
have split l t : b (z t l) (fall j t) = b (s l) (fall j t) + lam ^+ t * b (P l t) (fall j t).
  by rewrite Hz dotDl dotZl.
have high t : b (z t j) (fall j t) <= 0.
  rewrite -(pmulr_rle0 _ (lamt t)) -dotZr fall_target dotZr pmulr_rle0 ?gam_gt0 //.
  by rewrite dotBr subr_le0 target_ge.
have [sub|/subsetPn[l lC]] := boolP (C j \subset [set j]).
  have [m mC] := attn_ex b (z 0%N) j; rewrite C_stands in mC.
  by apply/eqP; rewrite eqEsubset sub sub1set -{1}(set1P (subsetP sub m mC)).
rewrite in_set1 => lj.
have low t : 0 < b (z t i) (fall j t).
  rewrite -(pmulr_rgt0 _ (lamt t)) -dotZr fall_target dotZr pmulr_rgt0 ?gam_gt0 //.
  rewrite dotBr subr_gt0 /target dot_meanr C_stands.
  have Ei : attn b (z t) i = [set j] by rewrite C_stands.
  by apply: (avg_lt w_gt0 lC) => [m _|]; [apply: follows_le|apply: follows_lt].
have flat : forall t, b (s j) (fall j t) = 0.
  apply: (@squeezed _ lam _ (fun t => b (P i t) (fall j t)) (fun t => b (P j t) (fall j t))) => //.
  - exact: polynomial_dot (polynomial_const _) HD.
  - exact: polynomial_dot.
  - exact: polynomial_dot.
  - by move=> t; rewrite -ss -split ltW.
  by move=> t; rewrite -split.
have P0 : forall t, P j t = 0.
  apply: (grows_is_zero b_pd lam01 (HP j)) => t.
  have le : sq b (lam ^+ t *: P j t) <= b (lam ^+ t *: P j t) (lam ^+ t.+1 *: P j t.+1).
    rewrite -subr_le0 /sq -dotBr exprSr -scalerA -scalerBr dotZl dotZr pmulr_rle0 //.
    by rewrite pmulr_rle0 //; have := high t; rewrite split flat add0r pmulr_rle0.
  have := sq_ge0 b_pd (lam ^+ t *: P j t - lam ^+ t.+1 *: P j t.+1); rewrite (sqB bC).
  move: (sq b (_ *: P j t)) (sq b (_ *: P j t.+1)) (b _ _) le => x y c xc H.
  rewrite -subr_ge0; have -> : y - x = x - 2%:R * c + y + 2%:R * (c - x) by ring.
  by rewrite addr_ge0 ?mulr_ge0 ?ler0n ?subr_ge0.
by have := low 0%N; rewrite /fall !P0 scaler0 subr0 dot0r ltxx.
Qed.
End Single.

Section Settled.
Variables (R : archiFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R) (Z : I -> V) (C : I -> {set I}).
Hypotheses (w_gt0 : forall i, (0 < w i)%N) (alpha_gt0 : 0 < alpha).
Hypotheses (bC : symmetric_form b) (b_pd : posdef b) (Z_inj : injective Z).
Hypothesis C_stands : stands b w alpha Z C.
Theorem single_attention_leads i j : C i = [set j] -> C j = [set j].
Proof.
have [s [P [z_base _]]] := ones_exist w_gt0 alpha_gt0 bC b_pd Z_inj C_stands.
exact: (single_leads_ones w_gt0 alpha_gt0 bC b_pd C_stands z_base).
Qed.
Corollary single_attention_locked i j : C i = [set j] -> forall t,
  locked b (run b w alpha Z t) i j.
Proof.
by move=> E t; rewrite /locked /leads !C_stands E (single_attention_leads E) eqxx.
Qed.
End Settled.
