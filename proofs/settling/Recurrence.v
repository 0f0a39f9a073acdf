(* Sequences of indices out of a finite set. Excluded middle is a hypothesis.

     often sg t      the index t occurs infinitely often in sg

     often_ev        in the end every index that occurs occurs infinitely often
     often_shift     leaving out the first terms changes nothing
     mono_fin        a function of the index that never falls is constant in the end *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory Converge Reduction.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section FiniteIndices.
Hypothesis em : forall P : Prop, P \/ ~ P.
Variable T : finType.
Definition often (sg : nat -> T) t := forall N, exists2 k, (N <= k)%N & sg k = t.
Lemma often_ev (sg : nat -> T) : ev (fun k => often sg (sg k)).
Proof.
have H t : ev (fun k => sg k = t -> often sg t).
  have [yes|no] := em (often sg t); first by exists 0%N.
  have [[N HN]|bad] := em (exists N, forall k, (N <= k)%N -> sg k <> t).
    by exists N => k /HN.
  case: no => N; have [[k [Nk kt]]|none] := em (exists k, (N <= k)%N /\ sg k = t).
    by exists k.
  by case: bad; exists N => k Nk kt; apply: none; exists k.
by have [N HN] := ev_all H; exists N => k /HN; apply.
Qed.
Lemma often_shift (sg : nat -> T) N t : often sg t -> often (fun k => sg (k + N)%N) t.
Proof.
move=> H M; have [k NMk kt] := H (M + N)%N; have Nk := leq_trans (leq_addl M N) NMk.
by exists (k - N)%N; rewrite ?subnK // leq_subRL // addnC.
Qed.
(* Among finitely many values a nondecreasing sequence is eventually constant. *)
Lemma mono_fin (R : realFieldType) (h : T -> R) (sg : nat -> T) k0 :
  (forall k, (k0 <= k)%N -> h (sg k) <= h (sg k.+1)) ->
  exists k1, forall k, (k1 <= k)%N -> h (sg k) = h (sg k1).
Proof.
move=> mono; have mono' k l : (k0 <= k)%N -> (k <= l)%N -> h (sg k) <= h (sg l).
  move=> kk /subnKC <-; elim: (l - k)%N => [|n IH]; first by rewrite addn0.
  by rewrite addnS; apply: le_trans IH (mono _ (leq_trans kk (leq_addr _ _))).
pose A k := [set t | h t <= h (sg k)].
have [k1 [kk1 Hk1]] : exists k1, (k0 <= k1)%N /\ forall k, (k1 <= k)%N -> (#|A k| <= #|A k1|)%N.
  suff: forall n k, (k0 <= k)%N -> (#|T| - #|A k| <= n)%N ->
      exists k1, (k0 <= k1)%N /\ forall k, (k1 <= k)%N -> (#|A k| <= #|A k1|)%N.
    by move=> /(_ #|T| k0 (leqnn _) (leq_subr _ _)).
  elim=> [|n IH] k kk Hn.
    exists k; split=> // l _; apply: leq_trans (max_card _) _.
    by rewrite -subn_eq0 -leqn0.
  have [[l [kl lt]]|no] := em (exists l, (k <= l)%N /\ (#|A k| < #|A l|)%N).
    apply: (IH l (leq_trans kk kl)); rewrite -ltnS; apply: leq_trans Hn.
    by apply: ltn_sub2l => //; apply: leq_trans lt (max_card _).
  exists k; split=> // l kl; rewrite leqNgt; apply/negP => lt; apply: no; by exists l.
exists k1 => k kk; apply/eqP; rewrite eq_le (mono' k1 k) // andbT.
have sub : A k1 \subset A k by apply/subsetP => t; rewrite !inE => /le_trans; apply; apply: mono'.
have /eqP E1 : A k1 == A k by rewrite eqEcard sub Hk1.
have : sg k \in A k by rewrite inE.
by rewrite -E1 inE.
Qed.
End FiniteIndices.
