(* Row vectors: the form <x,y> = x A y^T of a square matrix A.

   dotA A x y           x A y^T
   formA A              this as a form
   unit_dual A j        the row u with <x, u> = x_j

   formA_sym formA_pd   it is symmetric if A^T = A; definite if x A x^T > 0 for all x != 0
   A_unit               then A is invertible
   dot_unit             <x, unit_dual j> = x_j
   cauchy_schwarz       <x,y>^2 <= |x|^2 |y|^2
   coord_small          |x|^2 <= e^2 / (|unit_dual j|^2 + 1) implies |x_j| <= e
   dotA_coord           <x,y> in coordinates
   coordinate_symmetry  Z -> Z B with A -> B^-1 A B^-T changes no attention set, and goes along
                        with the layers *)
From mathcomp Require Import all_ssreflect all_algebra.
From Hardmax Require Import Forms Means Attention Layer Symmetries.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section MatrixForms.
Variables (R : realFieldType) (d : nat) (A : 'M[R]_d).
Local Notation V := [lmodType R of 'rV[R]_d].
Implicit Types x y z : 'rV[R]_d.

Definition dotA x y : R := (x *m A *m y^T) 0 0.
Lemma dotADl x y z : dotA (x + y) z = dotA x z + dotA y z.
Proof. by rewrite /dotA !mulmxDl mxE. Qed.
Lemma dotADr x y z : dotA x (y + z) = dotA x y + dotA x z.
Proof. by rewrite /dotA linearD /= mulmxDr mxE. Qed.
Lemma dotAZl a x y : dotA (a *: x) y = a * dotA x y.
Proof. by rewrite /dotA -!scalemxAl mxE. Qed.
Lemma dotAZr a x y : dotA x (a *: y) = a * dotA x y.
Proof. by rewrite /dotA linearZ /= -scalemxAr mxE. Qed.
Definition formA : form V := Form dotADl dotADr dotAZl dotAZr.

Lemma dotA_coord x y : dotA x y = \sum_p \sum_q x 0 p * A p q * y 0 q.
Proof.
rewrite /dotA mxE exchange_big; apply: eq_bigr => q _; rewrite !mxE mulr_suml.
by apply: eq_bigr.
Qed.

Hypotheses (A_sym : A^T = A) (A_pd : forall x, x != 0 -> 0 < dotA x x).
Lemma formA_sym : symmetric_form formA.
Proof.
move=> x y; rewrite /= /dotA; have -> : x *m A *m y^T = (y *m A *m x^T)^T.
  by rewrite !trmx_mul trmxK A_sym mulmxA.
by rewrite mxE.
Qed.
Lemma formA_pd : posdef formA. Proof. exact: A_pd. Qed.
Lemma A_unit : A \in unitmx.
Proof.
rewrite -row_free_unit -kermx_eq0; apply/eqP/row_matrixP => i; rewrite row0.
set x := row i _; have xA : x *m A = 0 by apply: sub_kermxP; apply: row_sub.
by have [//|/A_pd] := eqVneq x 0; rewrite /dotA xA mul0mx mxE ltxx.
Qed.
Definition unit_dual j : 'rV[R]_d := delta_mx 0 j *m (invmx A)^T.
Lemma dot_unit x j : dotA x (unit_dual j) = x 0 j.
Proof.
rewrite /dotA /unit_dual trmx_mul trmxK mulmxA mulmxK ?A_unit //.
by rewrite trmx_delta -colE mxE.
Qed.
Lemma cauchy_schwarz x y : dotA x y ^+ 2 <= sq formA x * sq formA y.
Proof. exact: (CS formA_sym formA_pd). Qed.
Lemma coord_small x j e : 0 < e -> sq formA x <= e ^+ 2 / (sq formA (unit_dual j) + 1) ->
  `|x 0 j| <= e.
Proof.
move=> e0 H; have u0 := sq_ge0 formA_pd (unit_dual j).
rewrite -(@ler_pexpn2r _ 2 isT) ?nnegrE ?normr_ge0 ?(ltW e0) // real_normK ?num_real //.
rewrite -dot_unit; apply: le_trans (cauchy_schwarz _ _) _.
move: H; rewrite ler_pdivl_mulr ?ltr_paddl ?ltr01 //; apply: le_trans.
by rewrite ler_wpmul2l ?(sq_ge0 formA_pd) // ler_addl ler01.
Qed.
End MatrixForms.

Theorem coordinate_symmetry (R : realFieldType) (d : nat) (I : finType) (A B : 'M[R]_d)
    (w : I -> nat) (alpha : R) (Z : I -> 'rV[R]_d) k : B \in unitmx ->
  let A' := invmx B *m A *m (invmx B)^T in let ZB i := Z i *m B in
  (forall i, run (formA A') w alpha ZB k i = run (formA A) w alpha Z k i *m B) /\
  forall i, attn (formA A') (run (formA A') w alpha ZB k) i =
    attn (formA A) (run (formA A) w alpha Z k) i.
Proof.
move=> uB; apply: (coordinates _ _ _ _ (g := mulmx^~ B)) => [a x y|x y].
  by rewrite mulmxDl scalemxAl.
rewrite /= /dotA trmx_mul !mulmxA mulmxK //.
by rewrite -[_ *m B^T]mulmxA -trmx_mul mulmxV // trmx1 mulmx1.
Qed.
