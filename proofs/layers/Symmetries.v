(* Merging and symmetries (notes, sections 6 and 2). Nothing is assumed of the form.

   Merging: f : J -> I tells of each copy its place, w i is the sum of the v j over the copies of i.
   copies_attn          a copy attends to the copies of the places that its place attends to
   copies_run           after any number of layers each copy stands where its place stands
   copies_attn_run      and attends as said

   Symmetries, each of attention sets and of runs:
   permutation          tokens in another order (f a bijection, the multiplicities in this order)
   similarity           a linear map g with <g x, g y>' = c <x, y>, c > 0. In particular:
   scaled_tokens        Z -> c Z with c != 0
   scaled_form          A -> c A with c > 0
   coordinates          a linear map that keeps products: see MatrixForms.v for A -> B^-1 A B^-T
   (That attention sets do not depend on alpha needs no proof: attn has no argument alpha.) *)
From mathcomp Require Import all_ssreflect all_algebra.
From Hardmax Require Import Forms Means Attention Layer.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Copies.
Variables (R : realFieldType) (V : lmodType R) (I J : finType) (b : form V).
Variables (v : J -> nat) (w : I -> nat) (f : J -> I) (alpha : R).
Hypothesis place_has_copy : forall i, exists j, f j = i.
Hypothesis weight_of_place : forall i, w i = (\sum_(j | f j == i) v j)%N.
Implicit Types (Z : I -> V) (S : {set I}).

Lemma copies_attn Z j : attn b (Z \o f) j = f @^-1: attn b Z (f j).
Proof.
apply/setP => l; rewrite !inE; apply/forallP/forallP => [H i|H m] /=; last exact: H.
by have [m <-] := place_has_copy i; apply: H.
Qed.
Lemma copies_sum (U : zmodType) (g : I -> U) S :
  \sum_(j in f @^-1: S) g (f j) *+ v j = \sum_(i in S) g i *+ w i.
Proof.
rewrite (partition_big f (mem S)) => [|j] /=; last by rewrite inE.
apply: eq_bigr => i iS; rewrite weight_of_place -sumrMnr.
by apply: eq_big => [j|j /andP[_ /eqP->]] //; rewrite inE; case: eqP => [->|]; rewrite ?iS ?andbF.
Qed.
Lemma copies_mean Z S : mean v (Z \o f) (f @^-1: S) = mean w Z S.
Proof.
rewrite /mean /wt (copies_sum (fun=> 1)); congr (_ *: _).
under eq_bigr do rewrite scaler_nat; under [RHS]eq_bigr do rewrite scaler_nat.
exact: copies_sum.
Qed.
Lemma copies_layer Z : layer b v alpha (Z \o f) =1 layer b w alpha Z \o f.
Proof. by move=> j; rewrite /layer /target copies_attn copies_mean. Qed.
Theorem copies_run Z k : run b v alpha (Z \o f) k =1 run b w alpha Z k \o f.
Proof. by elim: k => // k IH j; rewrite !runS (eq_layer _ _ _ IH) copies_layer. Qed.
Theorem copies_attn_run Z k j :
  attn b (run b v alpha (Z \o f) k) j = f @^-1: attn b (run b w alpha Z k) (f j).
Proof. by rewrite (eq_attn _ _ (copies_run Z k)) copies_attn. Qed.
End Copies.

Theorem permutation (R : realFieldType) (V : lmodType R) (I J : finType) (b : form V)
    (w : I -> nat) (alpha : R) (f : J -> I) (Z : I -> V) k : bijective f ->
  run b (w \o f) alpha (Z \o f) k =1 run b w alpha Z k \o f /\
  forall j, attn b (run b (w \o f) alpha (Z \o f) k) j = f @^-1: attn b (run b w alpha Z k) (f j).
Proof.
case=> h hf fh; have onto i : exists j, f j = i by exists (h i).
have weight i : w i = (\sum_(j | f j == i) (w \o f) j)%N.
  rewrite (big_pred1 (h i)) /= ?fh // => j; apply/eqP/eqP => [<-|->//].
  by rewrite hf.
by split; [apply: copies_run|move=> j; apply: copies_attn_run].
Qed.

Section Similarity.
Variables (R : realFieldType) (V V' : lmodType R) (I : finType) (b : form V) (b' : form V').
Variables (w : I -> nat) (alpha c : R) (g : V -> V').
Hypotheses (g_lin : linear g) (c_gt0 : 0 < c).
Hypothesis g_dot : forall x y, b' (g x) (g y) = c * b x y.
Implicit Type Z : I -> V.
Let gZ a x : g (a *: x) = a *: g x. Proof. exact: (linearZZ (Linear g_lin)). Qed.
Let gD x y : g (x + y) = g x + g y. Proof. exact: (linearD (Linear g_lin)). Qed.
Let gS (S : {set I}) (F : I -> V) : g (\sum_(j in S) F j) = \sum_(j in S) g (F j).
Proof. exact: (linear_sum (Linear g_lin)). Qed.

Lemma similar_attn Z i : attn b' (g \o Z) i = attn b Z i.
Proof.
by apply/setP => j; rewrite !inE; apply: eq_forallb => l; rewrite !g_dot ler_pmul2l.
Qed.
Lemma similar_mean Z S : mean w (g \o Z) S = g (mean w Z S).
Proof.
by rewrite /mean gZ gS; congr (_ *: _); apply: eq_bigr => j _; rewrite /= gZ.
Qed.
Lemma similar_layer Z : layer b' w alpha (g \o Z) =1 g \o layer b w alpha Z.
Proof.
by move=> i; rewrite /layer /target similar_attn similar_mean /= gZ gD gZ.
Qed.
Lemma similar_run Z k : run b' w alpha (g \o Z) k =1 g \o run b w alpha Z k.
Proof. by elim: k => // k IH i; rewrite !runS (eq_layer _ _ _ IH) similar_layer. Qed.
Theorem similarity Z k : run b' w alpha (g \o Z) k =1 g \o run b w alpha Z k /\
  forall i, attn b' (run b' w alpha (g \o Z) k) i = attn b (run b w alpha Z k) i.
Proof.
by split=> [|i]; [apply: similar_run|rewrite (eq_attn _ _ (similar_run Z k)) similar_attn].
Qed.
End Similarity.

Section Corollaries.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha c : R).
Implicit Type Z : I -> V.

Corollary scaled_tokens Z k : c != 0 ->
  run b w alpha (fun i => c *: Z i) k =1 (fun i => c *: run b w alpha Z k i) /\
  forall i, attn b (run b w alpha (fun i => c *: Z i) k) i = attn b (run b w alpha Z k) i.
Proof.
move=> c0; apply: (@similarity _ _ _ _ _ _ _ _ (c ^+ 2) ( *:%R c)) => [a x y||x y].
- by rewrite scalerDr !scalerA mulrC.
- by rewrite lt_def sqrf_eq0 c0 sqr_ge0.
by rewrite dotZl dotZr mulrA expr2.
Qed.

Definition scale_form : form V.
Proof.
apply: (@Form _ _ (fun x y => c * b x y)) => [x y z|x y z|a x y|a x y].
- by rewrite dotDl mulrDr.
- by rewrite dotDr mulrDr.
- by rewrite dotZl mulrCA.
by rewrite dotZr mulrCA.
Defined.
Corollary scaled_form Z k : 0 < c -> run scale_form w alpha Z k =1 run b w alpha Z k /\
  forall i, attn scale_form (run scale_form w alpha Z k) i = attn b (run b w alpha Z k) i.
Proof. by move=> c0; apply: (@similarity _ _ _ _ _ _ _ _ c id). Qed.

Corollary coordinates (V' : lmodType R) (b' : form V') (g : V -> V') Z k : linear g ->
  (forall x y, b' (g x) (g y) = b x y) -> run b' w alpha (g \o Z) k =1 g \o run b w alpha Z k /\
  forall i, attn b' (run b' w alpha (g \o Z) k) i = attn b (run b w alpha Z k) i.
Proof.
by move=> g_lin H; apply: (@similarity _ _ _ _ _ _ _ _ 1) => // [|x y]; rewrite ?ltr01 ?mul1r.
Qed.
End Corollaries.
