(******************************************************************************)
(* What a certificate that passes proves: `certificate_sound`.                *)
(*                                                                            *)
(*   place R d q rows i   row i of a list, over the denominator q, in R^d     *)
(*   form_of R pb         <x,y> = x A y^T, with the stated A                  *)
(*   alpha_of weight_of   the stated step and multiplicities                  *)
(*   sets n pat i         the set of indices that a pattern states for i      *)
(*                                                                            *)
(* The theorem: if `check K n c` is true, then over every archimedean field,  *)
(* for the stated tokens, A, alpha and multiplicities, with k layers in the   *)
(* history: the attention sets at the layers before k are the stated ones;    *)
(* from layer k on they are the final ones, for ever; at layer k-1 they are   *)
(* others, if k > 0; the tokens have the closed form of ClosedForm.v; every   *)
(* coordinate tends to that of the stated limit.                              *)
(******************************************************************************)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra ring zify ssrZ.
From Hardmax Require Import Theory Converge ClosedForm Criterion.
From Hardmax Require Import Integers Program Rows Layers Equations Settled.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Statement.
Variables (R : realFieldType) (pb : problem) (n : nat).
Local Notation d := (dimension pb).
Definition place (d : nat) (q : Z) (rows : seq (seq Z)) i : 'rV[R]_d :=
  \row_j (zr R (nth BinNums.Z0 (nth [::] rows i) j) / zr R q).
Definition form_of : form [lmodType R of 'rV[R]_d] :=
  formM (\matrix_(i, j) (zr R (nth BinNums.Z0 (nth [::] (matrix pb) i) j)
                         / zr R (matrix_den pb))).
Definition alpha_of : R := zr R (alpha_num pb) / zr R (alpha_den pb).
Definition weight_of (i : 'I_n) : nat := Z.to_nat (nth Z.one (multiplicities pb) i).
Definition start_of (i : 'I_n) : 'rV[R]_d := place d (token_den pb) (tokens pb) i.
Definition run_of t : 'I_n -> 'rV[R]_d := run form_of weight_of alpha_of start_of t.
Definition sets (pat : pattern) (i : 'I_n) : {set 'I_n} :=
  [set j : 'I_n | (j : nat) \in nth [::] pat i].
End Statement.

Section Coordinate.
Variables (R : realFieldType) (d : nat) (j : 'I_d).
Definition coordinate_fun (x : 'rV[R]_d) : R^o := x 0 j.
Lemma coordinate_linear : linear coordinate_fun.
Proof. by move=> a x y; rewrite /coordinate_fun !mxE. Qed.
Canonical coordinate := Linear coordinate_linear.
End Coordinate.

Section Sound.
Variables (K : integers) (n : nat) (c : certificate).
Local Notation pb := (stated c).
Hypothesis ok : check K n c = true.
Let rows := map (map (ofZ K)).
Lemma nth_rows (R : realFieldType) rs i j :
  val R (nth (zero K) (nth [::] (rows rs) i) j) = zr R (nth BinNums.Z0 (nth [::] rs i) j).
Proof.
have [ir|ri] := ltnP i (size rs); last first.
  by rewrite !(nth_default [::]) ?size_map // !nth_nil val0.
rewrite (nth_map [::]) //; set r := nth [::] rs i.
have [jr|rj] := ltnP j (size r); last by rewrite !nth_default ?size_map // val0.
by rewrite (nth_map BinNums.Z0) // val_ofZ.
Qed.
Lemma differs before after : changes n before after ->
  exists i : 'I_n, sets before i != sets after i.
Proof.
case/hasP=> i; rewrite mem_iota => /andP[_ li] ne; exists (Ordinal li).
case/andP: ne => _; apply: contra => /eqP E; apply/eqP/eq_in_map => j.
rewrite mem_iota => /andP[_ lj].
by have := congr1 (fun S : {set 'I_n} => Ordinal lj \in S) E; rewrite !inE.
Qed.
Lemma eq_sol (R : realFieldType) (V : lmodType R) (I : finType) (w : I -> nat) alpha Z C
  (s s' : I -> V) D t i : s =1 s' -> sol w alpha Z C s D t i = sol w alpha Z C s' D t i.
Proof.
move=> E; rewrite /sol E; congr (_ + _ *: _); apply: eq_bigr => j _; congr (_ *: _).
by elim: (j : nat) i => [|m IH] i /=; rewrite ?E // (eq_means _ _ _ IH).
Qed.
Lemma small_shift (R : archiFieldType) k (u : nat -> R) :
  small (fun t => u (k + t)%N) -> small u.
Proof.
move=> H e /H[N HN]; exists (k + N)%N => t kt.
by rewrite -(subnKC (leq_trans (leq_addr N k) kt)) HN // leq_subRL // (leq_trans (leq_addr N k)).
Qed.

Theorem certificate_sound (R : archiFieldType) :
  let run := run_of R pb (n := n) in let attn t := attn (form_of R pb) (run t) in
  let past := patterns (history c) in let k := size past in
  let s (i : 'I_n) := place R (dimension pb) (limit_den c) (limits c) i in
  [/\ forall l i, (l < k)%N -> attn l i = sets (nth [::] past l) i,
      forall t i, attn (k + t)%N i = sets (final c) i,
      k = 0%N \/ exists i, attn k.-1 i != sets (final c) i,
      forall t i, run (k + t)%N i = sol (@weight_of pb n) (alpha_of R pb) (run k)
                                      (sets (final c)) s (degree c) t i &
      forall (i : 'I_n) j, small (fun t => `|run t i 0 j - s i 0 j|)].
Proof.
move=> run0 attn0 past0 k s; case/and3P: ok => shp chg.
case/and5P: shp => /eqP st sA sA' /eqP sm /andP[wpos /and5P[td md an ad /andP[ld _]]].
pose A := rows (matrix pb); pose num := ofZ K (alpha_num pb); pose den := ofZ K (alpha_den pb).
pose mult := map (ofZ K) (multiplicities pb).
have pos z : Z.ltb BinNums.Z0 z -> 0 < zr R z by rewrite (zr_lt R).
have A_rows : all (fun r => (size r <= dimension pb)%N) A.
  by rewrite all_map; apply: sub_all sA => r /=; rewrite size_map.
have A_size : (size A <= dimension pb)%N by rewrite size_map.
pose e := (zr R (matrix_den pb))^-1; have e_gt0 : 0 < e by rewrite invr_gt0 pos.
have bE x y : form_of R pb x y = e * dotM (matrixof R (dimension pb) A) x y.
  have -> : form_of R pb x y = dotM (e *: matrixof R (dimension pb) A) x y.
    congr dotM; apply/matrixP => i j; rewrite !mxE nth_rows mulrC //.
  by rewrite /dotM -scalemxAr -scalemxAl mxE.
have w0 (j : 'I_n) : 0 < zr R (nth Z.one (multiplicities pb) j).
  by apply/pos/(all_nthP Z.one wpos); rewrite sm.
have wE (j : 'I_n) : (@weight_of pb n j)%:R = val R (nth (zero K) mult j).
  rewrite (nth_map Z.one) ?sm // val_ofZ -zr_nat /weight_of Z2Nat.id //.
  by apply: Z.lt_le_incl; apply/Z.ltb_lt; rewrite (zr_lt R) w0.
have w_gt0 (j : 'I_n) : (0 < @weight_of pb n j)%N.
  rewrite -(ltr_nat R) wE (nth_map Z.one) ?sm // val_ofZ w0 //.
have num_gt0 : 0 < val R num by rewrite val_ofZ pos.
have den_gt0 : 0 < val R den by rewrite val_ofZ pos.
have alphaE : alpha_of R pb = val R num / val R den by rewrite !val_ofZ.
have rep0 : rep (ofZ K (token_den pb)) (rows (tokens pb)) (@start_of R pb n).
  split=> [|i]; first by rewrite val_ofZ pos.
  by apply/rowP => j; rewrite !mxE nth_rows val_ofZ mulrC.
case P: (past _ _ _ _ _ _ _ _) => [[q zs]|] // S.
have [rk Hk] := pastP A_rows A_size e_gt0 bE wE num_gt0 den_gt0 alphaE rep0 P.
have L_gt0 : 0 < val R (ofZ K (limit_den c)) by rewrite val_ofZ pos.
have H := settlesP A_rows A_size e_gt0 bE wE w_gt0 num_gt0 den_gt0 alphaE rk L_gt0 S.
have sE : limit R (dimension pb) (ofZ K (limit_den c)) (rows (limits c)) =1 s.
  by move=> i; rewrite /limit /s; apply/rowP => j; rewrite !mxE nth_rows val_ofZ mulrC.
have later t : run0 (k + t)%N = run (form_of R pb) (@weight_of pb n) (alpha_of R pb) (run0 k) t.
  by rewrite /run0 /run_of run_plus.
split.
- by move=> l i lk; rewrite /attn0 Hk // setof_mask.
- by move=> t i; rewrite /attn0 later; have [_ ->] := H t.
- rewrite /k /past0; case E: (patterns (history c)) chg Hk => [|p ps] chg Hk; first by left.
  right; have [i ne] := differs chg; exists i; apply: contra ne => /eqP; rewrite /attn0.
  by rewrite Hk //= setof_mask (last_nth [::]) => same; apply/eqP.
- by move=> t i; rewrite later; have [-> _] := H t; apply: eq_sol.
move=> i j; apply: (@small_shift _ k); have a0 : 0 < alpha_of R pb by rewrite alphaE divr_gt0.
have tends := @sol_tends R _ _ (@weight_of pb n) _ a0 (run0 k) (sets (final c)) s (degree c)
  (coordinate R j) i.
move=> eps /tends[N HN]; exists N => t /HN; rewrite later; have [-> _] := H t.
by rewrite (@eq_sol _ _ _ _ _ _ _ _ _ _ _ _ sE).
Qed.
End Sound.
