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
   both_at_two          alpha finite (I, S): of 2, 1 both targets are 2, so z_i' = m_i makes copies
   flat_direction       definite (F, G): at A = diag(1, 0) each of (1, 0), (1, 1) attends to both
   first_index          ties averaged: (-1, 1), (1, 1) lead, and (0, 1) attends to all three; if it
                        attended to itself alone, it would lead inside the edge
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
Lemma nat_lt (m n : nat) (x y : R) : x = m%:R -> y = n%:R -> (m < n)%N -> x < y.
Proof. by move=> -> -> mn; rewrite ltr_nat. Qed.
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

Theorem both_at_two (i : bool) : target product (fun=> 1%N) (two_at (2%:R : R) 1) i = 2%:R.
Proof.
rewrite /target (_ : attn product _ i = [set true]) ?mean1 //.
by apply/eqP/attn1P => -[] //= _; case: i; [apply: (@nat_lt 2 4)|apply: (@nat_lt 1 2)] => //=; ring.
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
Definition first_only : form plane.
Proof.
apply: (@Form R plane (fun x y : R * R => x.1 * y.1)).
- by move=> [x1 x2] [y1 y2] [z1 z2] /=; ring.
- by move=> [x1 x2] [y1 y2] [z1 z2] /=; ring.
- by move=> a [x1 x2] [y1 y2] /=; rewrite -mulrA.
by move=> a [x1 x2] [y1 y2] /=; rewrite mulrCA.
Defined.
Theorem flat_direction (i : bool) :
  let Z : bool -> plane := fun i => (1, if i then 0 else 1) in
  attn first_only Z i = setT /\ ~~ leads first_only Z i.
Proof.
move=> Z; have all : attn first_only Z i = setT by apply: tie.
split=> //; rewrite /leads all; apply/eqP => /setP/(_ (~~ i)).
by rewrite in_setT in_set1; case: i {all}.
Qed.
Theorem first_index (Z := three (-1, 1) (1, 1) (0, 1) : option bool -> plane) :
  [/\ attn planar Z None = setT, leads planar Z (Some true), leads planar Z (Some false) &
      conv Z [set~ None] (Z None)].
Proof.
split.
- by apply: tie => j l; case: j => [[]|]; case: l => [[]|] /=; ring.
- apply/leadsP => l; case: l => [[]|] //= _; rewrite /sq /=.
    by apply: (@nat_lt 0 2) => //; ring.
  by apply: (@nat_lt 1 2) => //; ring.
- apply/leadsP => l; case: l => [[]|] //= _; rewrite /sq /=.
    by apply: (@nat_lt 0 2) => //; ring.
  by apply: (@nat_lt 1 2) => //; ring.
have h01 : 0 <= (1 / 2%:R : R) <= 1.
  by rewrite divr_ge0 ?ler01 ?ler0n //= ler_pdivr_mulr ?ltr0n // mul1r ler1n.
have -> : Z None = (1 / 2%:R) *: Z (Some true) + (1 - 1 / 2%:R) *: Z (Some false).
  have E1 : 0 = 1 / 2%:R * -1 + (1 - 1 / 2%:R) * 1 :> R by field.
  have E2 : 1 = 1 / 2%:R * 1 + (1 - 1 / 2%:R) * 1 :> R by field.
  transitivity ((1 / 2%:R * -1 + (1 - 1 / 2%:R) * 1, 1 / 2%:R * 1 + (1 - 1 / 2%:R) * 1) : plane).
    by rewrite -E1 -E2.
  by [].
by apply: conv_mix => //; apply: conv_point; rewrite !inE.
Qed.

End Examples.
