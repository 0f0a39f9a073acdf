(******************************************************************************)
(* The program's two tests of positivity.                                     *)
(*                                                                            *)
(*   curve g0 g1 g2 t := g0 + x^t g1(t) + x^2t g2(t), where x = den/(den+num) *)
(*   sumsP          what passes the sums test is positive for all t           *)
(*   dominatesP     what a term dominates at T is positive for all t >= T     *)
(*   positiveP      both                                                      *)
(******************************************************************************)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra ring zify ssrZ.
From Hardmax Require Import Theory ClosedForm Criterion Integers Program Rows Families.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Positivity.
Variables (R : realFieldType) (K : integers) (num den : K).
Local Notation vec := (seq K).
Local Notation "# a" := (val R a) (at level 8, format "# a").
Local Notation nthz := (nth (zero K)).
Hypothesis num_gt0 : 0 < #num.
Hypothesis den_gt0 : 0 < #den.
Definition base : R := #den / (#den + #num).
Let Q : R := #den + #num.
Lemma Q_gt0 : 0 < Q. Proof. by rewrite addr_gt0. Qed.
Lemma base01 : 0 < base <= 1.
Proof. by rewrite /base divr_gt0 ?Q_gt0 // ler_pdivr_mulr ?Q_gt0 // mul1r ler_addl ltW. Qed.
Lemma nonnegE (a : K) : nonneg a = (0 <= #a).
Proof. by rewrite /nonneg (val_lt R) val0 -leNgt. Qed.
Definition curve (g0 : K) (g1 g2 : vec) t : R :=
  #g0 + base ^+ t * scalars R g1 t + base ^+ (2 * t) * scalars R g2 t.

Lemma sumsP g0 g1 g2 t : sums g0 g1 g2 -> 0 < curve g0 g1 g2 t.
Proof.
case/and5P=> /(all_nthP (zero K)) p1 /(all_nthP (zero K)) p2.
rewrite !nonnegE (val_lt R) !valD val0 -!nth0 => a0 a1 a2.
have tail (g : vec) : (forall j, (j < size (behead g))%N -> nonneg (nthz (behead g) j)) ->
    forall j, (0 < j)%N -> 0 <= #(nthz g j).
  move=> H [|j] // _; have [jg|gj] := ltnP j (size (behead g)).
    by have := H j jg; rewrite nonnegE nth_behead.
  by rewrite -nth_behead nth_default ?val0.
rewrite /curve (scalarsE _ (m := (size g1).+1)) // (scalarsE _ (m := (size g2).+1)) //.
by apply: (@sums_test _ _ base01 _ _ (fun j => #(nthz g1 j)) (fun j => #(nthz g2 j))) => //;
  apply: tail.
Qed.

Definition real_term (m : term K) : R * (nat * nat) := (#(m.1), m.2).
Lemma ev_terms e (g : vec) t :
  \sum_(m <- terms e g) #(m.1) * u base m.2.1 m.2.2 t = base ^+ (e * t) * scalars R g t.
Proof.
rewrite /terms big_map (scalarsE _ (m := size g)) // big_distrr /=.
have -> : iota 0 (size g) = index_iota 0 (size g) by rewrite /index_iota subn0.
by rewrite big_mkord; apply: eq_bigr => j _; rewrite /u mulrC -mulrA mulrCA.
Qed.
Lemma ev_curve g0 g1 g2 t :
  ev base [seq real_term m | m <- (g0, (0, 0)%N) :: terms 1 g1 ++ terms 2 g2] t
  = curve g0 g1 g2 t.
Proof.
rewrite /ev big_map big_cons big_cat /= !ev_terms /u bin0 mul0n expr0 !mulr1 mul1n.
by rewrite addrA.
Qed.

Lemma size_shift (r : vec) a : size (shift a r) = size r.
Proof. by elim: r a => //= b r IH a; rewrite IH. Qed.
Lemma nth_shift (r : vec) a j : (j < size r)%N ->
  #(nthz (shift a r) j) = #(nthz (a :: r) j) + #(nthz r j).
Proof. by elim: r a j => // b r IH a [|j] /= jr; rewrite ?valD ?IH. Qed.
Lemma size_binomials m T : size (binomials K m T) = m.+1.
Proof. by elim: T => [|T IH] /=; rewrite ?size_nseq // size_shift. Qed.
Lemma binomialsE m T j : (j <= m)%N -> #(nthz (binomials K m T) j) = 'C(T, j)%:R.
Proof.
elim: T j => [|T IH] j jm.
  by case: j jm => [|j] jm /=; rewrite ?val1 ?bin0 // nth_nseq if_same val0 bin0n.
rewrite [binomials _ _ _]/= nth_shift ?size_binomials //.
case: j jm => [|j] jm; rewrite [nth _ (_ :: _) _]/= IH ?(ltnW jm) // ?val0 ?bin0 ?add0r //.
by rewrite IH // binS natrD addrC.
Qed.
Lemma powersE T e : (e <= 2)%N -> #(nthz (powers num den T) e) = Q ^+ (2 * T) * base ^+ (e * T).
Proof.
have q0 := gt_eqF Q_gt0.
have bT : base ^+ T * Q ^+ T = #den ^+ T by rewrite -exprMn /base -/Q divfK ?q0.
case: e => [|[|[|]]] // _; rewrite [nth _ _ _]/= valM !val_pow ?valD -/Q.
- by rewrite mul0n expr0 mulr1 mul2n -addnn exprD.
- by rewrite -bT mul1n mul2n -addnn exprD; ring.
by rewrite -bT !mul2n -!addnn !exprD; ring.
Qed.
Lemma valueE m T (t : term K) : (t.2.1 <= 2)%N -> (t.2.2 <= m)%N ->
  #(value (binomials K m T) (powers num den T) t) = Q ^+ (2 * T) * (#(t.1) * u base t.2.1 t.2.2 T).
Proof. by move=> e2 jm; rewrite /value !valM binomialsE // powersE // /u; ring. Qed.

Lemma fallsP T (m0 m : term K) : falls num den T m0 m -> (m0.2.1 <= m.2.1)%N /\
  (T.+1%:R - m0.2.2%:R) * base ^+ (m.2.1 - m0.2.1) <= T.+1%:R - m.2.2%:R :> R.
Proof.
case/andP=> ee; rewrite (val_lt R) -leNgt !valM !val_pow valD !val_ofZ => H; split=> //.
rewrite expr_div_n mulrA ler_pdivr_mulr ?exprn_gt0 ?Q_gt0 //.
have E j : zr R (Z.sub (Z.of_nat T.+1) (Z.of_nat j)) = T.+1%:R - j%:R.
  by rewrite -!zr_nat /zr -rmorphB; congr (_%:~R); rewrite -rmorphB.
by rewrite -!E.
Qed.

Let t0 : term K := (zero K, (0, 0)%N).
Lemma dominatesP m T (f : seq (term K)) i :
  (i < size f)%N -> all (fun m => m.2.1 <= 2)%N f ->
  dominates num den T (binomials K m T) (powers num den T) f (nth t0 f i) ->
  forall t, (T <= t)%N -> 0 < ev base [seq real_term m | m <- f] t.
Proof.
set m0 := nth t0 f i => lif /(all_nthP t0) f2.
case/and5P=> c0 jT /(all_nthP t0) small /(all_nthP t0) falling total.
rewrite (val_lt R) val0 in c0.
have E j : (j < size f)%N -> #(value (binomials K m T) (powers num den T) (nth t0 f j))
    = Q ^+ (2 * T) * (#((nth t0 f j).1) * u base (nth t0 f j).2.1 (nth t0 f j).2.2 T).
  by move=> jf; apply: valueE; [apply: f2|have := small j jf; rewrite size_binomials].
apply: (@dominant_term _ _ base01 _ (real_term m0)) => //.
- by apply/(nthP (real_term t0)); exists i; rewrite ?size_map // (nth_map t0).
- move=> r /(nthP (real_term t0))[j]; rewrite size_map => jf; rewrite (nth_map t0) // => <- neg.
  by apply: fallsP; have := falling j jf; rewrite nonnegE leNgt neg.
rewrite -(pmulr_rgt0 _ (exprn_gt0 (2 * T) Q_gt0)) mulrDr -(E i lif) big_map.
move: total; rewrite (val_lt R) val0; congr (0 < _); move: (value _ _ _) => v.
elim: f E {m0 c0 jT lif f2 small falling} => [|r f IH] E /=; first by rewrite big_nil mulr0 addr0.
have Ef j : (j < size f)%N -> #(value (binomials K m T) (powers num den T) (nth t0 f j))
    = Q ^+ (2 * T) * (#((nth t0 f j).1) * u base (nth t0 f j).2.1 (nth t0 f j).2.2 T).
  by move=> jf; apply: (E j.+1).
rewrite big_cons nonnegE leNgt /real_term /=; case: (#(r.1) < 0) => /=; rewrite ?IH //.
by rewrite valD IH // mulrDr (E 0%N) // addrCA.
Qed.
Theorem positiveP m T g0 g1 g2 t :
  positive num den T (binomials K m T) (powers num den T) g0 g1 g2 -> (T <= t)%N ->
  0 < curve g0 g1 g2 t.
Proof.
case/orP=> [/sumsP //|/(has_nthP t0)[i mf H]] Tt; rewrite -ev_curve.
apply: (dominatesP mf _ H Tt); rewrite /= all_cat /terms !all_map.
by apply/andP; split; apply/allP.
Qed.
End Positivity.
