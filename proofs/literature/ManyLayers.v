(* What is false of many layers, and hypotheses that matter (notes, section 5). Over any ordered
   field; forms are those of Counterexamples.v, multiplicities are 1.

   nearest_is_left      a follower does not tend to the nearest leader: (10, 0) and (0, 2) lead, and
                        (1, 1) is nearer to (0, 2) and locked on (10, 0)
   limit_between        limits are not vertices: beside (2,2), (-2,2) the token (0,1) is at
                        (0, 2 - lam^t) after t layers
   nothing_moves        alpha > 0: at alpha = 0 of 2, 1 only 2 leads, and 1 stays where it is
   turning              the form x_2 y_1 - x_1 y_2, which is not symmetric
   four x               the tokens x, Jx, -x, -Jx with J(x_1, x_2) = (x_2, -x_1)
   next i               the token that J makes of token i
   pursues              under this form C_i = {next i}
   pursuit              symmetric (N, F, G): they chase each other at all layers, and in one layer
                        x_1^2 + x_2^2 is multiplied by lam^2 (1 + alpha^2)
   pursuit_shrinks      which is less than 1
   pursuit_leads_not    no token ever leads *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory TwoTokens Counterexamples.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section ManyLayers.
Variable R : realFieldType.
Local Notation line := [lmodType R of R^o].
Local Notation plane := [lmodType R of (R^o * R^o)%type].
Local Notation planar := (planar R).
Local Notation product := (product R).
Local Notation once := (fun=> 1%N).

Theorem nearest_is_left alpha t : 0 < alpha ->
  let Z : option bool -> plane := three (10%:R, 0) (0, 2%:R) (1, 1) in
  [/\ leads planar Z (Some false),
      sq planar (Z None - Z (Some false)) < sq planar (Z None - Z (Some true)) &
      locked planar (run planar once alpha Z t) None (Some true)].
Proof.
move=> a0 Z; have L : locked planar Z None (Some true).
  apply/andP; split; [apply/attn1P|apply/leadsP]; move=> [[]|] //= _; rewrite ?/sq /=.
  - by apply: (@nat_lt R 2 10)%N => //; ring.
  - by apply: (@nat_lt R 2 10)%N => //; ring.
  - by apply: (@nat_lt R 0 100)%N => //; ring.
  by apply: (@nat_lt R 10 100)%N => //; ring.
split; last by have [] := locked_forever (fun=> ltn0Sn 0) a0 t L.
  apply/leadsP; move=> [[]|] //= _; rewrite ?/sq /=.
    by apply: (@nat_lt R 0 4)%N => //; ring.
  by apply: (@nat_lt R 2 4)%N => //; ring.
by apply: (@nat_lt R 2 82)%N => //; rewrite /sq /=; ring.
Qed.
Lemma mean_two (V : lmodType R) (Z : option bool -> V) :
  mean once Z [set~ None] = 2%:R^-1 *: (Z (Some true) + Z (Some false)).
Proof.
have all (U : zmodType) (F : option bool -> U) :
    \sum_(j in [set~ None]) F j = F (Some true) + F (Some false).
  rewrite (bigD1 (Some true)) ?inE //=; congr (_ + _); rewrite (big_pred1 (Some false)) //.
  by case=> [[]|]; rewrite !inE.
by rewrite /mean /wt !all !scale1r -!natrD.
Qed.
Theorem limit_between alpha t : 0 < alpha ->
  run planar once alpha (three (2%:R, 2%:R) (- 2%:R, 2%:R) (0, 1)) t =1
  three (2%:R, 2%:R) (- 2%:R, 2%:R) (0, 2%:R - lam alpha ^+ t).
Proof.
move=> a0; elim: t => [|t IH] i; first by case: i => [[]|] //=; congr (_, _); rewrite expr0; ring.
rewrite runS (eq_layer _ _ _ IH); have l0 : 0 < lam alpha ^+ t by rewrite exprn_gt0 ?lam_gt0.
have l1 : lam alpha ^+ t <= 1 by rewrite exprn_ile1 ?ltW ?lam_gt0 ?lam_lt1.
move: (lam alpha ^+ t) l0 l1 (exprS (lam alpha) t) => q q0 q1 ->.
pose Z : option bool -> plane := three (2%:R, 2%:R) (- 2%:R, 2%:R) (0, 2%:R - q).
have less (d x y : R) : 0 < d -> y = x + d -> x < y by move=> d0 ->; rewrite ltr_addl.
have d8 : 0 < 8%:R :> R by rewrite ltr0n.
have d4 : 0 < 4%:R + 2%:R * q by rewrite addr_gt0 ?mulr_gt0 ?ltr0n.
have L c : leads planar Z (Some c).
  apply/leadsP => l; case: c; case: l => [[]|] //= _; rewrite /sq /=.
  - by apply: (less _ _ _ d8); ring.
  - by apply: (less _ _ _ d4); ring.
  - by apply: (less _ _ _ d8); ring.
  by apply: (less _ _ _ d4); ring.
case: i => [c|]; first by rewrite (leader_still _ a0 (L c)); case: c.
have E l : l != None -> planar (Z None) (Z l) = 2%:R * (2%:R - q).
  by case: l => [[]|] //= _; ring.
have C : attn planar Z None = [set~ None].
  have y0 : 0 < 2%:R - q by rewrite subr_gt0 (le_lt_trans q1) ?ltr1n.
  have lt : planar (Z None) (Z None) < 2%:R * (2%:R - q).
    by rewrite /= mul0r add0r ltr_pmul2r // gtr_addl oppr_lt0.
  apply/setP => l; rewrite [RHS]inE in_set1; apply/attnP/idP => [|ln k].
    move/(_ (Some true)); apply: contraTneq => ->; rewrite E // -ltNge //.
  by rewrite (E l) //; have [->|/E->//] := eqVneq k None; apply: ltW.
have e : lam alpha + alpha * lam alpha = 1 by apply: lam_gam.
rewrite /layer /target -/Z C mean_two; move: (lam alpha) e => a e.
have P (u v u' v' : R) : u = u' -> v = v' -> (u, v) = (u', v') :> plane by move=> -> ->.
apply: P; rewrite /= /GRing.scale /=; first by ring.
by transitivity (2%:R * (a + alpha * a) - a * q); [field|rewrite e mulr1].
Qed.

Theorem nothing_moves t (i : bool) (Z := two_at (2%:R : R) 1) :
  leads product Z i = i /\ run product once 0 Z t i = Z i.
Proof.
split; last by elim: t => // t IH; rewrite runS layer_alpha0.
case: i; [apply/leadsP|apply/negbTE/negP => /leadsP/(_ true isT)].
  by case=> // _; rewrite /sq /=; apply: (@nat_lt R 2 4) => //; ring.
by rewrite /sq /= !mul1r ltNge ler1n.
Qed.

(* Cyclic pursuit. *)
Definition turning : form plane.
Proof.
apply: (@Form R plane (fun x y : R * R => x.2 * y.1 - x.1 * y.2)).
- by move=> [x1 x2] [y1 y2] [z1 z2] /=; ring.
- by move=> [x1 x2] [y1 y2] [z1 z2] /=; ring.
- move=> a [x1 x2] [y1 y2]; have L (c u v p q : R) : c * u * p - c * v * q = c * (u * p - v * q).
    by ring.
  exact: L.
move=> a [x1 x2] [y1 y2]; have L (c u v p q : R) : u * (c * p) - v * (c * q) = c * (u * p - v * q).
  by ring.
exact: L.
Defined.
Definition four (x : R * R) : bool * bool -> plane := fun i => match i with
  | (true, true) => (x.1, x.2) | (true, false) => (x.2, - x.1)
  | (false, true) => (- x.1, - x.2) | (false, false) => (- x.2, x.1) end.
Definition next (i : bool * bool) := if i.2 then (i.1, false) else (~~ i.1, true).
Local Notation size x := (x.1 * x.1 + x.2 * x.2).
Lemma turning_four (x : R * R) i l : turning (four x i) (four x l) =
  size x * (if l == next i then 1 else if i == next l then -1 else 0).
Proof. by case: i l => [[] []] [[] []] /=; ring. Qed.
Lemma pursues (x : R * R) i : 0 < size x -> attn turning (four x) i = [set next i].
Proof.
move=> x0; apply/eqP/attn1P => l /negbTE li; rewrite !turning_four li eqxx ltr_pmul2l //.
by case: ifP => _; rewrite ?ltr01 // (lt_trans _ ltr01) // oppr_lt0 ltr01.
Qed.
Theorem pursuit alpha x t : 0 < alpha -> 0 < size x -> exists y,
  [/\ run turning once alpha (four x) t =1 four y,
      size y = (lam alpha ^+ 2 * (1 + alpha ^+ 2)) ^+ t * size x &
      forall i, attn turning (run turning once alpha (four x) t) i = [set next i]].
Proof.
move=> a0 x0; have l0 := lam_gt0 a0; pose c := lam alpha ^+ 2 * (1 + alpha ^+ 2).
have c0 : 0 < c by rewrite mulr_gt0 ?exprn_gt0 // addr_gt0 ?exprn_gt0.
elim: t => [|t [y [E sy C]]].
  by exists x; rewrite expr0 mul1r; split=> // i; apply: pursues.
pose y' := (lam alpha * (y.1 + alpha * y.2), lam alpha * (y.2 - alpha * y.1)).
have s' : size y' = c ^+ t.+1 * size x by rewrite exprS -mulrA -sy /c /=; ring.
have E' : run turning once alpha (four x) t.+1 =1 four y'.
  move=> i; rewrite runS /layer /target C mean1 // !E.
  have P (u v u' v' : R) : u = u' -> v = v' -> (u, v) = (u', v') :> plane by move=> -> ->.
  by case: i => [[] []]; apply: P; rewrite /= /GRing.scale /=; ring.
exists y'; split=> // i; rewrite (eq_attn _ _ E') pursues // s'.
by rewrite mulr_gt0 ?exprn_gt0.
Qed.
Lemma pursuit_shrinks (alpha : R) : 0 < alpha -> lam alpha ^+ 2 * (1 + alpha ^+ 2) < 1.
Proof.
move=> a0; have e : lam alpha + alpha * lam alpha = 1 by apply: lam_gam.
have l0 := lam_gt0 a0; rewrite -subr_gt0.
have -> : 1 - lam alpha ^+ 2 * (1 + alpha ^+ 2) =
    (lam alpha + alpha * lam alpha) ^+ 2 - lam alpha ^+ 2 * (1 + alpha ^+ 2) by rewrite e expr1n.
have -> : (lam alpha + alpha * lam alpha) ^+ 2 - lam alpha ^+ 2 * (1 + alpha ^+ 2) =
    2%:R * alpha * lam alpha ^+ 2 by ring.
by rewrite !mulr_gt0 ?ltr0n // exprn_gt0.
Qed.
Corollary pursuit_leads_not alpha x t i : 0 < alpha -> 0 < size x ->
  ~~ leads turning (run turning once alpha (four x) t) i.
Proof.
move=> a0 x0; have [y [_ _ C]] := pursuit t a0 x0; rewrite /leads C; apply/eqP/setP => /(_ i).
by rewrite !in_set1 eqxx; case: i => [[] []].
Qed.
End ManyLayers.
