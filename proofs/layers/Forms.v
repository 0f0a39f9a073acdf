(* Bilinear forms on a module over an ordered field.

   form V               a bilinear map b from V x V to R; b x y is written <x,y>
   symmetric_form b     <x,y> = <y,x> for all x, y
   posdef b             <x,x> > 0 for all x != 0
   semidef b            <x,x> >= 0 for all x
   sq b x               |x|^2 = <x,x>
   near b eta a x y     |x - y|^2 <= a^2 eta: x and y are a steps of square eta apart

   dot0l .. dot_suml    linearity on the left and on the right
   sqD sqB sqZ sqN      |x+y|^2 = |x|^2 + 2<x,y> + |y|^2, and so on, for symmetric forms
   sq_ge0 sq_eq0        |x|^2 >= 0, and = 0 only at x = 0, for definite forms
   dot_le dot_ge        |x|^2, |y|^2 <= c implies -c <= <x,y> <= c
   CS                   Cauchy-Schwarz: <x,y>^2 <= |x|^2 |y|^2
   near_trans near_mono the triangle inequality, in squares
   sq_sum               |x_j|^2 <= D and c_j >= 0 imply |sum c_j x_j|^2 <= (sum c_j)^2 D *)
From mathcomp Require Import all_ssreflect all_algebra ring.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Record form (R : realFieldType) (V : lmodType R) := Form {
  dot :> V -> V -> R;
  dotDl : forall x y z, dot (x + y) z = dot x z + dot y z;
  dotDr : forall x y z, dot x (y + z) = dot x y + dot x z;
  dotZl : forall a x y, dot (a *: x) y = a * dot x y;
  dotZr : forall a x y, dot x (a *: y) = a * dot x y }.

Section Linear.
Variables (R : realFieldType) (V : lmodType R) (b : form V).
Implicit Types x y z : V.

Lemma dot0l x : b 0 x = 0. Proof. by rewrite -(scale0r 0) dotZl mul0r. Qed.
Lemma dot0r x : b x 0 = 0. Proof. by rewrite -(scale0r 0) dotZr mul0r. Qed.
Lemma dotNl x y : b (- x) y = - b x y. Proof. by rewrite -scaleN1r dotZl mulN1r. Qed.
Lemma dotNr x y : b x (- y) = - b x y. Proof. by rewrite -scaleN1r dotZr mulN1r. Qed.
Lemma dotBl x y z : b (x - y) z = b x z - b y z. Proof. by rewrite dotDl dotNl. Qed.
Lemma dotBr x y z : b x (y - z) = b x y - b x z. Proof. by rewrite dotDr dotNr. Qed.
Lemma dot_sumr x (J : Type) (r : seq J) (P : pred J) (F : J -> V) :
  b x (\sum_(j <- r | P j) F j) = \sum_(j <- r | P j) b x (F j).
Proof. by elim/big_rec2: _ => [|j y1 y2 _ <-]; rewrite ?dot0r ?dotDr. Qed.
Lemma dot_suml x (J : Type) (r : seq J) (P : pred J) (F : J -> V) :
  b (\sum_(j <- r | P j) F j) x = \sum_(j <- r | P j) b (F j) x.
Proof. by elim/big_rec2: _ => [|j y1 y2 _ <-]; rewrite ?dot0l ?dotDl. Qed.
End Linear.

Section Forms.
Variables (R : realFieldType) (V : lmodType R) (b : form V).
Implicit Types x y z : V.

Definition symmetric_form := forall x y, b x y = b y x.
Definition posdef := forall x, x != 0 -> 0 < b x x.
Definition sq x := b x x.
Definition semidef := forall x, 0 <= sq x.

Lemma sqZ a x : sq (a *: x) = a ^+ 2 * sq x.
Proof. by rewrite /sq dotZl dotZr; ring. Qed.

Hypotheses (bC : symmetric_form) (b_pd : posdef).
Lemma sq_ge0 x : 0 <= sq x.
Proof. by have [->|/b_pd/ltW//] := eqVneq x 0; rewrite /sq dot0l. Qed.
Lemma sq_eq0 x : (sq x == 0) = (x == 0).
Proof. by have [->|/b_pd/lt0r_neq0/negbTE] := eqVneq x 0; rewrite /sq ?dot0l ?eqxx. Qed.
Lemma sqD x y : sq (x + y) = sq x + 2%:R * b x y + sq y.
Proof. by rewrite /sq !(dotDl, dotDr) (bC y x); ring. Qed.
Lemma sqB x y : sq (x - y) = sq x - 2%:R * b x y + sq y.
Proof. by rewrite /sq !(dotBl, dotBr) (bC y x); ring. Qed.
Lemma sqN x : sq (- x) = sq x. Proof. by rewrite /sq dotNl dotNr opprK. Qed.
Lemma sqBC x y : sq (x - y) = sq (y - x). Proof. by rewrite -opprB sqN. Qed.

Lemma dot_le x y c : sq x <= c -> sq y <= c -> b x y <= c.
Proof.
move=> hx hy; have := sq_ge0 (x - y); rewrite sqB => H.
rewrite -(ler_pmul2l (ltr0n R 2)); apply: le_trans (_ : sq x + sq y <= _).
  by rewrite -subr_ge0; move: H; congr (0 <= _); ring.
by rewrite mulr_natl mulr2n ler_add.
Qed.
Lemma dot_ge x y c : sq x <= c -> sq y <= c -> - c <= b x y.
Proof. by move=> hx hy; rewrite ler_oppl -dotNl dot_le ?sqN. Qed.

Lemma CS x y : b x y ^+ 2 <= sq x * sq y.
Proof.
have [->|y0] := eqVneq y 0; first by rewrite /sq !dot0r mulr0 expr0n.
have yy : 0 < sq y by apply: b_pd.
rewrite -subr_ge0 -(pmulr_rge0 _ yy).
have := sq_ge0 (sq y *: x - b x y *: y).
by rewrite sqB !sqZ dotZl dotZr; congr (0 <= _); ring.
Qed.

Definition near (eta a : R) x y := sq (x - y) <= a ^+ 2 * eta.
Lemma near_trans eta a c x y z : 0 < a -> 0 < c -> near eta a x y -> near eta c y z ->
  near eta (a + c) x z.
Proof.
move=> a0 c0; rewrite /near; have -> : x - z = (x - y) + (y - z) by rewrite addrA subrK.
set u := x - y; set v := y - z => hu hv; rewrite sqD.
have H : 2%:R * b u v <= 2%:R * (a * c) * eta.
  rewrite -(ler_pmul2l (mulr_gt0 a0 c0)).
  have := sq_ge0 (c *: u - a *: v); rewrite sqB !sqZ dotZl dotZr => H.
  apply: le_trans (_ : c ^+ 2 * sq u + a ^+ 2 * sq v <= _).
    by rewrite -subr_ge0; move: H; congr (0 <= _); ring.
  have -> : a * c * (2%:R * (a * c) * eta) =
      c ^+ 2 * (a ^+ 2 * eta) + a ^+ 2 * (c ^+ 2 * eta) by ring.
  by rewrite ler_add // ler_pmul2l // exprn_gt0.
have -> : (a + c) ^+ 2 * eta = a ^+ 2 * eta + 2%:R * (a * c) * eta + c ^+ 2 * eta by ring.
by rewrite ler_add // ler_add.
Qed.
Lemma near_mono eta a c x y : 0 <= eta -> 0 <= a -> a <= c -> near eta a x y -> near eta c x y.
Proof.
move=> e0 a0 ac; rewrite /near => /le_trans; apply.
by rewrite ler_wpmul2r // ler_expn2r // nnegrE // (le_trans a0).
Qed.

Lemma sq_sum (J : finType) (c : J -> R) (x : J -> V) D :
  (forall j, 0 <= c j) -> (forall j, sq (x j) <= D) ->
  sq (\sum_j c j *: x j) <= (\sum_j c j) ^+ 2 * D.
Proof.
move=> c0 xD; rewrite /sq dot_suml expr2 -mulrA mulr_suml ler_sum // => j _.
rewrite dotZl ler_wpmul2l // dot_sumr mulr_suml ler_sum // => l _.
by rewrite dotZr ler_wpmul2l // dot_le.
Qed.
End Forms.
