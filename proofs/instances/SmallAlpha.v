(* A configuration that has settled at layer 2: written by `python -m theory.coq`, checked by Coq.
   alpha = 1/20; the lists below state everything else. Tokens, A and limits are rows of integers
   over one denominator each; a history of (m, C) means m layers with the attention sets C.
   SHA-256 of the problem: 84c8c072beb20c77de47f621ad13797096eb6071e023bf298463182701c6901c *)
Set Warnings "-notation-overridden,-ambiguous-paths".
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From Hardmax Require Import Theory Converge ClosedForm Integers Program Sound.
Import GRing.Theory Num.Theory.

Definition the_history : seq (nat * pattern) :=
  [:: (1, [:: [:: 0]; [:: 0; 1]; [:: 1; 2]]); (1, [:: [:: 0]; [:: 0]; [:: 1; 2]])].
Definition the_final : pattern :=
  [:: [:: 0]; [:: 0]; [:: 2]].

Local Open Scope Z_scope.
Definition the_problem : problem := {|
  dimension := 2%N;
  token_den := 1;
  tokens :=
    [:: [:: -2; 0]; [:: -1; 1]; [:: 0; 1]];
  matrix_den := 1;
  matrix :=
    [:: [:: 1; 0]; [:: 0; 1]];
  alpha_num := 1;
  alpha_den := 20;
  multiplicities :=
    [:: 1; 1; 1] |}.
Definition certified : certificate := {|
  stated := the_problem;
  history := the_history;
  final := the_final;
  limit_den := 1764;
  limits :=
    [:: [:: -3528; 0]; [:: -3528; 0]; [:: -84; 1763]];
  degree := 0%N;
  start := 0%N |}.
Local Close Scope Z_scope.

Definition ok : check binary 3 certified = true := ltac:(vm_cast_no_check (erefl true)).

Local Open Scope ring_scope.
(* The attention sets are those of the history before layer k, those of `the_final` for ever from
   layer k on, and others at layer k-1; the closed form; every token tends to its limit. *)
Theorem settled_for_ever (R : archiFieldType) :
  let run := run_of R the_problem (n := 3) in
  let attn t := attn (form_of R the_problem) (run t) in
  let past := patterns the_history in let k := size past in
  let s (i : 'I_3) :=
    place R (dimension the_problem) (limit_den certified) (limits certified) i in
  [/\ forall l i, (l < k)%N -> attn l i = sets (nth [::] past l) i,
      forall t i, attn (k + t)%N i = sets the_final i,
      k = 0%N \/ exists i, attn k.-1 i != sets the_final i,
      forall t i, run (k + t)%N i =
        sol (@weight_of the_problem 3) (alpha_of R the_problem) (run k)
          (sets the_final) s (degree certified) t i &
      forall (i : 'I_3) j, small (fun t => `|run t i 0 j - s i 0 j|)].
Proof. exact (certificate_sound ok R). Qed.
