(* Two tokens on a line refute a published rate of convergence, of arXiv:2508.09628, for negative
   definite scores and steps 2 / (k + 2), as quoted in public reproductions:
   J(z_i^(k+1)) <= 2 / (k + 1) lambda_max diam^2 for all k, with J(x) = B x^2 / 2 and A = -B.
   Over any ordered field; tokens 1 and 0, B = 1, so lambda_max = diam = 1.

   step b w g Z i       z_i' = z_i + g (m_i - z_i): a layer of step g, alpha = g / (1 - g) if g < 1
   scheduled b w g Z k  the tokens after k layers, of steps g 0, g 1, ...
   negative             the form <x, y> = - x y on the line
   two                  the tokens 1 and 0, named true and false

   step_layer           the layer of alpha is the step alpha / (1 + alpha)
   stands_at_sixth      both tokens are at 1/6 from layer 2 on
   rate_holds_iff       the inequality of layer k holds iff k < 144
   rate_fails           so it is false at k = 144 and at all later layers *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Steps.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V) (w : I -> nat).
Implicit Types (Z : I -> V) (g : nat -> R).

Definition step (g : R) Z i : V := Z i + g *: (target b w Z i - Z i).
Fixpoint scheduled g Z k := if k is k'.+1 then step (g k') (scheduled g Z k') else Z.
Lemma step_layer alpha Z : 0 < alpha -> layer b w alpha Z =1 step (gam alpha) Z.
Proof. by move=> a0 i; apply: layer_step. Qed.
Lemma eq_step (g : R) Z Z' : Z =1 Z' -> step g Z =1 step g Z'.
Proof. by move=> E i; rewrite /step /target (eq_attn _ _ E) (eq_mean _ (in1W E)) E. Qed.
Lemma tie Z i : (forall j l, b (Z i) (Z j) = b (Z i) (Z l)) -> attn b Z i = setT.
Proof. by move=> E; apply/setP => j; rewrite in_setT; apply/attnP => l; rewrite (E l j). Qed.
End Steps.

Section TwoTokens.
Variable R : realFieldType.
Local Notation line := [lmodType R of R^o].
Definition negative : form line.
Proof.
apply: (@Form R line (fun x y : R => - (x * y))) => [x y z|x y z|a x y|a x y].
- by rewrite mulrDl opprD.
- by rewrite mulrDr opprD.
- by rewrite /= -mulrA mulrN.
by rewrite /= mulrCA mulrN.
Defined.
Definition two_at (x y : R) : bool -> line := fun i => if i then x else y.
Local Notation once := (fun=> 1%N : nat).
Local Notation step := (step negative (once : bool -> nat)).

Lemma mean_both x y : mean (once : bool -> nat) (two_at x y) setT = (x + y) / 2%:R.
Proof.
have all (U : zmodType) (F : bool -> U) : \sum_(j in [set: bool]) F j = F true + F false.
  by rewrite (eq_bigl xpredT) ?big_bool // => j; rewrite inE.
by rewrite /mean /wt !all /= !scale1r mulrC -mulr2n.
Qed.
Lemma target_at i j x y :
  (forall l, l != j -> - (two_at x y i * two_at x y l) < - (two_at x y i * two_at x y j)) ->
  target negative (once : bool -> nat) (two_at x y) i = two_at x y j.
Proof. by move/(attn1P negative)/eqP; rewrite /target => ->; rewrite mean1. Qed.
Lemma target_tie i x y : two_at x y i = 0 \/ x = y ->
  target negative (once : bool -> nat) (two_at x y) i = (x + y) / 2%:R.
Proof.
move=> H; rewrite /target tie ?mean_both // => j l /=.
by case: H => [->|->]; rewrite ?mul0r // /two_at !if_same.
Qed.

Definition two := two_at 1 0.
Definition gamma k : R := 2%:R / (k + 2)%:R.
Local Notation Z := (scheduled negative (once : bool -> nat) gamma two).

Lemma layer1 : Z 1%N =1 two_at 0 (1 / 2%:R).
Proof.
have g0 : gamma 0 = 1 by rewrite /gamma divff // pnatr_eq0.
move=> i; rewrite /= /step g0 scale1r addrC subrK; case: i.
  rewrite (@target_at true false) // => -[] //= _.
  by rewrite mulr0 oppr0 mulr1 oppr_lt0 ltr01.
by rewrite (@target_tie false) ?addr0 //; left.
Qed.
Lemma layer2 : Z 2%N =1 two_at (1 / 6%:R) (1 / 6%:R).
Proof.
have h0 : 0 < 1 / 2%:R :> R by rewrite divr_gt0 ?ltr01 ?ltr0n.
move=> i; rewrite [LHS](eq_step _ _ _ layer1) /step /gamma; case: i.
  rewrite (@target_tie true) /=; last by left.
  by rewrite add0r subr0 add0r /GRing.scale /=; field.
rewrite (@target_at false true) /=; last first.
  by move=> -[] //= _; rewrite mulr0 oppr0 oppr_lt0 mulr_gt0.
by rewrite sub0r /GRing.scale /=; field.
Qed.
Theorem stands_at_sixth k i : Z (k + 2)%N i = 1 / 6%:R.
Proof.
suff H : Z (k + 2)%N =1 two_at (1 / 6%:R) (1 / 6%:R) by rewrite H /two_at if_same.
elim: k => [|k IH] {}i; first exact: layer2.
rewrite addSn [LHS](eq_step _ _ _ IH) /step target_tie; last by right.
have -> : (1 / 6%:R + 1 / 6%:R) / 2%:R = 1 / 6%:R :> R by field.
by rewrite /two_at if_same subrr scaler0 addr0.
Qed.

Definition energy (x : R) := x ^+ 2 / 2%:R.
Theorem rate_holds_iff k i : (energy (Z k.+1 i) <= 2%:R / k.+1%:R) = (k < 144)%N.
Proof.
case: k => [|k].
  rewrite layer1 divr1; apply: le_trans (_ : 1 <= _); last by rewrite ler1n.
  rewrite /energy /two_at; case: i.
    by rewrite expr0n mul0r ler01.
  by rewrite -subr_ge0; have -> : 1 - (1 / 2%:R) ^+ 2 / 2%:R = 7%:R / 8%:R :> R;
    [field|rewrite divr_ge0 ?ler0n].
rewrite -[k.+2]addn2 stands_at_sixth /energy.
have -> : (1 / 6%:R) ^+ 2 / 2%:R = 2%:R / 144%:R :> R by field.
by rewrite ler_pmul2l ?ltr0n // lef_pinv ?posrE ?ltr0n ?addn2 // ler_nat.
Qed.
Corollary rate_fails k i : (144 <= k)%N -> 2%:R / k.+1%:R < energy (Z k.+1 i).
Proof. by rewrite ltNge rate_holds_iff -leqNgt. Qed.
End TwoTokens.
