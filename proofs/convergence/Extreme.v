(* Extreme points of finite hulls, over any ordered field.

   extreme K x          x is in K, and x = t y + (1 - t) z with y, z in K and 0 < t < 1 only if
                        y = z = x

   extreme_point        an extreme point of the hull of the p_v, v in L, is one of the p_v
   exposed_extreme      a point p_v at which some <y, .> is greatest over the others is extreme
   extreme_exposed      so if every p_v is exposed, the extreme points are exactly the p_v *)
From mathcomp Require Import all_ssreflect all_algebra.
From Hardmax Require Import Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Definition extreme (R : realFieldType) (V : lmodType R) (K : V -> Prop) x := K x /\
  forall y z t, K y -> K z -> 0 < t < 1 -> x = t *: y + (1 - t) *: z -> y = x /\ z = x.

Section Extreme.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (p : I -> V) (L : {set I}).
Local Notation K := (conv p L).

Lemma extreme_point x : extreme K x -> exists2 v, v \in L & x = p v.
Proof.
case=> [[c [c0 cL c1 xE]] ext].
have [v cv] : exists v, c v != 0.
  apply/existsP; apply: contraTT (oner_neq0 R) => /existsPn zero.
  by rewrite -c1 big1 ?eqxx // => i _; apply/eqP; rewrite -[_ == _]negbK zero.
have vL : v \in L by apply: contraNT cv => /cL->.
exists v => //; have rest : \sum_(i | i != v) c i = 1 - c v.
  by rewrite -c1 [in RHS](bigD1 v) //= addrC addKr.
have [cv1|cv1] := eqVneq (c v) 1.
  rewrite xE (bigD1 v) //= cv1 scale1r big1 ?addr0 // => i iv.
  suff /eqP-> : c i == 0 by rewrite scale0r.
  have := rest; rewrite cv1 subrr => /eqP; rewrite psumr_eq0 => [/allP/(_ i)|? _]; last exact: c0.
  by rewrite mem_index_enum iv => /(_ isT).
have cv_lt1 : c v < 1.
  by rewrite lt_neqAle cv1 /= -subr_ge0 -rest sumr_ge0.
have r0 : 0 < 1 - c v by rewrite subr_gt0.
pose a i := if i == v then 0 else (1 - c v)^-1 * c i.
have Ky : K (\sum_i a i *: p i).
  exists a; split=> [i|i iL||//]; rewrite /a.
  - by case: eqP => // _; rewrite mulr_ge0 ?invr_ge0 ?(ltW r0).
  - by case: eqP => // _; rewrite (cL i iL) mulr0.
  rewrite (bigD1 v) //= eqxx add0r (eq_bigr (fun i => (1 - c v)^-1 * c i)) => [|i /negbTE-> //].
  by rewrite -mulr_sumr rest mulVf // gt_eqF.
have [||//] := ext _ _ (c v) (conv_point p vL) Ky; first by rewrite cv_lt1 lt_def cv c0.
rewrite xE (bigD1 v) //=; congr (_ + _); rewrite scaler_sumr [RHS](bigD1 v) //=.
rewrite {1}/a eqxx scale0r scaler0 add0r; apply: eq_bigr => i /negbTE iv.
by rewrite /a iv !scalerA mulVKf // gt_eqF.
Qed.

Lemma exposed_extreme v y : v \in L -> {in L, forall i, i != v -> b y (p i) < b y (p v)} ->
  extreme K (p v).
Proof.
move=> vL H; have le x : K x -> b y x <= b y (p v).
  by apply: conv_half => i iL; have [->//|/(H _ iL)/ltW] := eqVneq i v.
have eq x : K x -> b y (p v) <= b y x -> x = p v by apply: conv_exposed.
split=> [|x z t Kx Kz /andP[t0 t1] E]; first exact: conv_point.
have t1' : 0 < 1 - t by rewrite subr_gt0.
have bE : b y (p v) = t * b y x + (1 - t) * b y z by rewrite {1}E dotDr !dotZr.
have sum0 : t * (b y (p v) - b y x) + (1 - t) * (b y (p v) - b y z) = 0.
  rewrite !mulrBr addrACA -mulrDl addrC [t + _]addrC subrK mul1r -opprD -bE.
  by rewrite addrC subrr.
have : t * (b y (p v) - b y x) == 0 /\ (1 - t) * (b y (p v) - b y z) == 0.
  by apply/andP; rewrite -paddr_eq0 ?sum0 // mulr_ge0 ?subr_ge0 ?le // ltW.
rewrite !mulf_eq0 (gt_eqF t0) (gt_eqF t1') !subr_eq0 => -[/eqP ex /eqP ez].
by split; apply: eq => //; rewrite -?ex -?ez.
Qed.

Theorem extreme_exposed :
  {in L, forall v, exists y, {in L, forall i, i != v -> b y (p i) < b y (p v)}} ->
  forall x, extreme K x <-> exists2 v, v \in L & x = p v.
Proof.
move=> H x; split=> [/extreme_point//|[v vL ->]].
by have [y] := H v vL; apply: exposed_extreme.
Qed.
End Extreme.
