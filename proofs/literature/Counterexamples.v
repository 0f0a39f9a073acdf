(* One layer: what is false, and which hypotheses matter (notes, section 5). Over any ordered field;
   R^o is the line, R^o * R^o the plane.

   product              <x, y> = x y on the line
   none                 <x, y> = 0, symmetric and semidefinite
   planar               <x, y> = x_1 y_1 + x_2 y_2

   copies_do_not_lead   distinct tokens (F): a token that has a copy does not lead
   none_leads           definite (F, G): at A = 0 none of two distinct tokens leads
   zero_rests           nonzero tokens: of -1, 0, 1 the token 0 attends to all and rests inside
   opposite_meet        definite (N, S): at A = -1, alpha = 1 the tokens 1 and -1 meet in 0
   thrown_out           alpha > 0 (H): at alpha = -1/2 of 2, 1 the token 1 is thrown to 0
   foot_moves           converse of E: in (-1,1), (0,1), (2,1) the token (0,1) is the foot of the
                        edge, and its target is (1/3, 1) *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory TwoTokens.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section AnyForm.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Theorem copies_do_not_lead (Z : I -> V) i j : i != j -> Z i = Z j -> ~~ leads b Z i.
Proof.
move=> ij E; apply/negP => /leadsP/(_ j); rewrite eq_sym ij -E /sq ltxx.
by move/(_ isT).
Qed.
End AnyForm.

Section Examples.
Variable R : realFieldType.
Local Notation line := [lmodType R of R^o].
Local Notation plane := [lmodType R of (R^o * R^o)%type].

Definition none : form line.
Proof. by apply: (@Form R line (fun x y : R => 0)) => *; rewrite ?addr0 ?mulr0. Defined.
Theorem none_leads (i : bool) : ~~ leads none (two_at (2%:R : R) 1) i.
Proof. by apply/negP => /leadsP/(_ (~~ i)); rewrite /= /sq /= ltxx; case: i => /(_ isT). Qed.

Definition product : form line.
Proof.
apply: (@Form R line (fun x y : R => x * y)) => [x y z|x y z|a x y|a x y].
- exact: mulrDl.
- exact: mulrDr.
- by rewrite /= -mulrA.
by rewrite /= mulrCA.
Defined.
Definition three (V : Type) (x y z : V) (i : option bool) :=
  if i is Some c then if c then x else y else z.
Lemma mean_three (V : lmodType R) (Z : option bool -> V) :
  mean (fun=> 1%N) Z setT = 3%:R^-1 *: (Z (Some true) + Z (Some false) + Z None).
Proof.
have all (U : zmodType) (F : option bool -> U) :
    \sum_(j in [set: option bool]) F j = F (Some true) + F (Some false) + F None.
  rewrite (eq_bigl xpredT) => [|j]; last by rewrite inE.
  rewrite (bigD1 None) //= addrC; congr (_ + _).
  rewrite (bigD1 (Some true)) //=; congr (_ + _); rewrite (big_pred1 (Some false)) //.
  by case=> [[]|].
by rewrite /mean /wt !all !scale1r -!natrD.
Qed.
Theorem zero_rests : let Z : option bool -> line := three 1 (-1) 0 in
  attn product Z None = setT /\ forall alpha, 0 < alpha ->
  layer product (fun=> 1%N) alpha Z None = Z None.
Proof.
move=> Z; have all : attn product Z None = setT by apply: tie => j l; rewrite /= !mul0r.
split=> // alpha a0; rewrite layer_step // /target all mean_three /= addr0 subrr scaler0.
by rewrite subr0 scaler0 addr0.
Qed.

Theorem opposite_meet (i : bool) :
  layer (negative R) (fun=> 1%N) 1 (two_at (1 : R) (-1)) i = 0.
Proof.
have tg : target (negative R) (fun=> 1%N) (two_at (1 : R) (-1)) i = two_at (1 : R) (-1) (~~ i).
  by apply: target_at; case: i => -[] //= _;
    rewrite ?(mulr1, mul1r, mulrN, mulNr, opprK) ltr_oppl (lt_trans _ (@ltr01 R)) ?oppr_lt0 ?ltr01.
rewrite /layer tg scale1r; have -> : two_at (1 : R) (-1) i + two_at (1 : R) (-1) (~~ i) = 0.
  by case: i {tg}; rewrite /= ?subrr // addrC subrr.
by rewrite scaler0.
Qed.

Theorem thrown_out : let Z := two_at (2%:R : R) 1 in
  let z := layer product (fun=> 1%N) (- (1 / 2%:R)) Z false in z = 0 /\ ~ conv Z setT z.
Proof.
move=> Z z; have E : z = 0.
  rewrite /z /layer (_ : target _ _ _ _ = 2%:R); first by rewrite /GRing.scale /=; field.
  rewrite /target (_ : attn product Z false = [set true]) ?mean1 //.
  by apply/eqP/attn1P => -[] //= _; rewrite !mul1r ltr1n.
split=> //; rewrite E => /(conv_half (b := product) (y := (-1 : R)) (m := (-1 : R))) H.
have : (0 : R) <= -1; last by rewrite leNgt oppr_lt0 ltr01.
rewrite -[leLHS](mulr0 (-1)); apply: H => -[] _ /=; rewrite mulN1r ler_opp2 ?ler1n //.
Qed.

Definition planar : form plane.
Proof.
apply: (@Form R plane (fun x y : R * R => x.1 * y.1 + x.2 * y.2)).
- by move=> [x1 x2] [y1 y2] [z1 z2] /=; ring.
- by move=> [x1 x2] [y1 y2] [z1 z2] /=; ring.
- move=> a [x1 x2] [y1 y2]; have L (c u v p q : R) : c * u * p + c * v * q = c * (u * p + v * q).
    by ring.
  exact: L.
move=> a [x1 x2] [y1 y2]; have L (c u v p q : R) : u * (c * p) + v * (c * q) = c * (u * p + v * q).
  by ring.
exact: L.
Defined.
Theorem foot_moves : let Z : option bool -> plane := three (-1, 1) (2%:R, 1) (0, 1) in
  (forall j, planar (Z None) (Z j) = sq planar (Z None)) /\
  target planar (fun=> 1%N) Z None = (1 / 3%:R, 1).
Proof.
move=> Z; have E j : planar (Z None) (Z j) = 1 by case: j => [[]|] /=; ring.
split=> [j|]; first by rewrite /sq !E.
rewrite /target tie => [|j l]; last by rewrite !E.
have L1 : 3%:R^-1 * (-1 + 2%:R + 0) = 1 / 3%:R :> R by field.
have L2 : 3%:R^-1 * (1 + 1 + 1) = 1 :> R by field.
rewrite mean_three; transitivity (3%:R^-1 * (-1 + 2%:R + 0) : R, 3%:R^-1 * (1 + 1 + 1) : R).
  by [].
by rewrite L1 L2.
Qed.
End Examples.
