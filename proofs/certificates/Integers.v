(******************************************************************************)
(* Integers to compute with, of any kind.                                     *)
(*                                                                            *)
(*   integers     a type with a value in Z, the integers of Z, sums and       *)
(*                products, comparisons, and the equations for these;         *)
(*                quotients and common multiples have no equation: whatever   *)
(*                they return is checked where it is used                     *)
(*   binary       the binary integers of Coq's library                        *)
(*   val R a      the value of a in an ordered field R                        *)
(******************************************************************************)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra ring zify ssrZ.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Record integers := Integers {
  carrier :> Type;
  toZ : carrier -> Z;
  ofZ : Z -> carrier;
  iadd : carrier -> carrier -> carrier;
  imul : carrier -> carrier -> carrier;
  ilt : carrier -> carrier -> bool;
  ieq : carrier -> carrier -> bool;
  idiv : carrier -> carrier -> carrier;
  ilcm : carrier -> carrier -> carrier;
  ofZE : forall z, toZ (ofZ z) = z;
  iaddE : forall a b, toZ (iadd a b) = Z.add (toZ a) (toZ b);
  imulE : forall a b, toZ (imul a b) = Z.mul (toZ a) (toZ b);
  iltE : forall a b, ilt a b = Z.ltb (toZ a) (toZ b);
  ieqE : forall a b, ieq a b = Z.eqb (toZ a) (toZ b) }.

Definition binary : integers := @Integers Z id id Z.add Z.mul Z.ltb Z.eqb Z.div Z.lcm
  (fun _ => erefl) (fun _ _ => erefl) (fun _ _ => erefl) (fun _ _ => erefl) (fun _ _ => erefl).

Definition zr (R : realFieldType) (z : Z) : R := (int_of_Z z)%:~R.

Section Value.
Variables (R : realFieldType) (K : integers).
Implicit Types a b : K.
Definition val a : R := zr R (toZ a).
Lemma zrD x y : zr R (Z.add x y) = zr R x + zr R y.
Proof. by rewrite /zr -[Z.add x y]/(x + y) !rmorphD. Qed.
Lemma zrM x y : zr R (Z.mul x y) = zr R x * zr R y.
Proof. by rewrite /zr -[Z.mul x y]/(x * y) !rmorphM. Qed.
Lemma zr_lt x y : Z.ltb x y = (zr R x < zr R y).
Proof.
rewrite /zr ltr_int; apply/idP/idP => H; first by move/Z.ltb_lt: H => H; lia.
by apply/Z.ltb_lt; lia.
Qed.
Lemma zr_nat m : zr R (Z.of_nat m) = m%:R.
Proof. by rewrite /zr; have -> : int_of_Z (Z.of_nat m) = m%:Z by lia. Qed.
Lemma val_ofZ z : val (ofZ K z) = zr R z. Proof. by rewrite /val ofZE. Qed.
Lemma valD a b : val (iadd a b) = val a + val b. Proof. by rewrite /val iaddE zrD. Qed.
Lemma valM a b : val (imul a b) = val a * val b. Proof. by rewrite /val imulE zrM. Qed.
Lemma val_lt a b : ilt a b = (val a < val b). Proof. by rewrite iltE zr_lt. Qed.
Lemma val_eq a b : ieq a b -> val a = val b.
Proof. by rewrite ieqE => /Z.eqb_eq; rewrite /val => ->. Qed.
End Value.
