(* Sums, products, means, differences of polynomials are polynomials.

   Differences.v says what a polynomial is, Trends.v what it does in the end; this file exports
   both. The lemmas here are named polynomial followed by the operation:

     polynomial_ext const D N B sum      pointwise equality, constants, u + v, - u, u - v, sums
     polynomial_shift next dif antidif   u(k+n), u(k+1), u(k+1) - u(k), U with U(k+1) - U(k) = u(k)
     polynomial_layer M scale Z          k, products of numbers, f(k) u(k), a u(k)
     polynomial_dot mean                 <u(k), v(k)>, weighted means over a set of tokens
     polynomial_binomZ                   the binomial basis, for vectors
     polynomial_from    u(k+1) - u(k) polynomial from a layer on: so is u
     polynomial_eq      polynomials that agree for all large k agree *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory Reduction.
From Hardmax Require Export Differences Trends.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Closure.
Variable V : zmodType.
Implicit Types u v : nat -> V.
Lemma polynomial_ext u v : (forall k, u k = v k) -> polynomial_in u -> polynomial_in v.
Proof. by move=> uv [m Hm]; exists m; apply: degree_lt_ext Hm. Qed.
Lemma polynomial_const c : polynomial_in (fun=> c : V).
Proof. by exists 1%N; apply: degree_lt_const. Qed.
Lemma polynomialD u v :
  polynomial_in u -> polynomial_in v -> polynomial_in (fun k => u k + v k).
Proof.
move=> [m Hm] [n Hn]; exists (maxn m n); apply: degree_ltD.
  exact: degree_lt_le (leq_maxl _ _) Hm.
exact: degree_lt_le (leq_maxr _ _) Hn.
Qed.
Lemma polynomialN u : polynomial_in u -> polynomial_in (fun k => - u k).
Proof. by move=> [m Hm]; exists m; apply: degree_ltN. Qed.
Lemma polynomialB u v :
  polynomial_in u -> polynomial_in v -> polynomial_in (fun k => u k - v k).
Proof. by move=> Hu Hv; apply: polynomialD Hu (polynomialN Hv). Qed.
Lemma polynomial_sum (J : Type) (r : seq J) (P : pred J) (F : J -> nat -> V) :
  (forall j, P j -> polynomial_in (F j)) -> polynomial_in (fun k => \sum_(j <- r | P j) F j k).
Proof.
move=> H; elim: r => [|j r IH].
  by apply: polynomial_ext (polynomial_const 0) => k; rewrite big_nil.
have [Pj|/negbTE Pj] := boolP (P j).
  by apply: polynomial_ext (polynomialD (H j Pj) IH) => k; rewrite big_cons Pj.
by apply: polynomial_ext IH => k; rewrite big_cons Pj.
Qed.
Lemma polynomial_shift u n : polynomial_in u -> polynomial_in (fun k => u (k + n)%N).
Proof. by move=> [m Hm]; exists m; apply: degree_lt_shift. Qed.
Lemma polynomial_next u : polynomial_in u -> polynomial_in (fun k => u k.+1).
Proof. by move=> /(polynomial_shift 1); apply: polynomial_ext => k; rewrite addn1. Qed.
Lemma polynomial_dif u : polynomial_in u -> polynomial_in (fun k => u k.+1 - u k).
Proof. by move=> [m Hm]; exists m.-1; apply: degree_lt_dif. Qed.
Lemma polynomial_antidif u : polynomial_in u ->
  exists2 U, polynomial_in U & forall k, U k.+1 - U k = u k.
Proof.
move=> [m Hm]; exists (antidif u); last exact: dif_antidif.
by exists m.+1; apply: degree_lt_antidif.
Qed.
(* A sequence whose steps are polynomial from layer k0 on is a polynomial from k0 on. *)
Lemma polynomial_from u p k0 : polynomial_in p ->
  (forall k, (k0 <= k)%N -> u k.+1 = u k + p k) ->
  exists2 U, polynomial_in U & forall k, (k0 <= k)%N -> u k = U k.
Proof.
move=> /polynomial_antidif[U HU dU] Hu.
exists (fun k => U k + (u k0 - U k0)); first exact: polynomialD HU (polynomial_const _).
move=> k /subnKC <-; elim: (k - k0)%N => [|n IH]; first by rewrite addn0 addrC subrK.
by rewrite addnS Hu ?leq_addr // IH -dU addrC addrA subrK.
Qed.
Lemma polynomial_eq u v : polynomial_in u -> polynomial_in v -> ev (fun k => u k = v k) ->
  forall k, u k = v k.
Proof.
move=> Hu Hv [N HN] k; have [m Hm] := polynomialB Hu Hv; apply/eqP; rewrite -subr_eq0; apply/eqP.
by apply: (degree_lt_ev Hm); exists N => h /HN ->; rewrite subrr.
Qed.
End Closure.

Lemma polynomial_layer (R : ringType) : polynomial_in (fun k => k%:R : R).
Proof.
exists 2%N; apply/degree_ltS/(degree_lt_ext _ (degree_lt_const 1)) => k.
by rewrite /dif mulrSr addrC addKr.
Qed.
Lemma polynomialM (R : ringType) (f g : nat -> R) :
  polynomial_in f -> polynomial_in g -> polynomial_in (fun k => f k * g k).
Proof.
move=> [m Hm] [n Hn]; exists (m + n).-1.
exact: (degree_lt_prod (@mulrDl R) (@mulrDr R)).
Qed.

Section Forms.
Variables (R : realFieldType) (V : lmodType R).
Implicit Types u v : nat -> V.
Lemma polynomial_scale (f : nat -> R) u :
  polynomial_in f -> polynomial_in u -> polynomial_in (fun k => f k *: u k).
Proof.
move=> [m Hm] [n Hn]; exists (m + n).-1.
by apply: (degree_lt_prod (B := fun a x => a *: x) _ _ Hm Hn) => *;
  [apply: scalerDl|apply: scalerDr].
Qed.
Lemma polynomialZ a u : polynomial_in u -> polynomial_in (fun k => a *: u k).
Proof. exact: polynomial_scale (polynomial_const a). Qed.
Lemma polynomial_dot (b : form V) u v :
  polynomial_in u -> polynomial_in v -> polynomial_in (fun k => b (u k) (v k)).
Proof.
move=> [m Hm] [n Hn]; exists (m + n).-1.
exact: (degree_lt_prod (dotDl b) (dotDr b)).
Qed.
Lemma polynomial_mean (I : finType) (w : I -> nat) (Z : nat -> I -> V) (S : {set I}) :
  (forall j, j \in S -> polynomial_in (fun k => Z k j)) ->
  polynomial_in (fun k => mean w (Z k) S).
Proof. by move=> H; apply/polynomialZ/polynomial_sum => j /H; apply: polynomialZ. Qed.
Lemma polynomial_binomZ u : polynomial_in u <->
  exists m (c : 'I_m -> V), forall k, u k = \sum_(j < m) 'C(k, j)%:R *: c j.
Proof.
by split=> [/polynomial_binom[m [c Hc]]|[m [c Hc]]]; [|apply/polynomial_binom]; exists m, c => k;
  rewrite Hc; apply: eq_bigr => j _; rewrite scaler_nat.
Qed.
End Forms.
