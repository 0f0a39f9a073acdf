(******************************************************************************)
(* Integers of machine words, for long runs: the bignums of Coq's library.    *)
(*                                                                            *)
(*   big    the integers of BigZ; their values are those of Z by the library, *)
(*          whose lemmas rest on Coq's primitive 63-bit integers: `Print      *)
(*          Assumptions` of a theorem that uses them lists these              *)
(******************************************************************************)
From Coq Require Import ZArith.
From Bignums Require Import BigZ.
From mathcomp Require Import all_ssreflect.
From Hardmax Require Import Integers.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.

Definition big : integers := @Integers BigZ.t BigZ.to_Z BigZ.of_Z BigZ.add BigZ.mul
  BigZ.ltb BigZ.eqb BigZ.div BigZ.lcm
  BigZ.spec_of_Z BigZ.spec_add BigZ.spec_mul BigZ.spec_ltb BigZ.spec_eqb.
