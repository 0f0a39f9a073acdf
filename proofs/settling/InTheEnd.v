(* For all large k: without topology.

   ev P             P k for all large k
   tends u x        |u k - x| tends to 0 (small)
   tends_ge         a limit keeps a lower bound
   small_fin        a nonnegative function with finitely many values that tends to 0 is 0 in
                    the end *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Converge.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* "For all large k". *)
Definition ev (P : nat -> Prop) := exists N, forall k, (N <= k)%N -> P k.
Lemma ev_mono (P Q : nat -> Prop) : ev P -> (forall k, P k -> Q k) -> ev Q.
Proof. by move=> [N H] PQ; exists N => k /H/PQ. Qed.
Lemma ev_and (P Q : nat -> Prop) : ev P -> ev Q -> ev (fun k => P k /\ Q k).
Proof.
move=> [N HN] [M HM]; exists (maxn N M) => k; rewrite geq_max => /andP[Nk Mk].
by split; [apply: HN|apply: HM].
Qed.
Lemma ev_all (T : finType) (P : T -> nat -> Prop) :
  (forall t, ev (P t)) -> ev (fun k => forall t, P t k).
Proof.
move=> /fin_all_exists[N HN]; exists (\max_t N t) => k Nk t; apply: HN.
by apply: leq_trans Nk; apply: leq_bigmax.
Qed.
Lemma ev_always (P : nat -> Prop) : (forall k, P k) -> ev P. Proof. by exists 0%N. Qed.
Lemma ev_shift (P : nat -> Prop) n : ev P -> ev (fun k => P (k + n)%N).
Proof. by move=> [N H]; exists N => k Nk; apply: H; apply: leq_trans Nk (leq_addr _ _). Qed.

Section Sequences.
Variable R : archiFieldType.
Implicit Types (u v : nat -> R).
Definition tends u x := small (fun k => `|u k - x|).
Lemma tendsD u v x y : tends u x -> tends v y -> tends (fun k => u k + v k) (x + y).
Proof.
move=> H1 H2; apply: small_le (small_add H1 H2) => k.
by rewrite opprD addrACA; apply: ler_norm_add.
Qed.
Lemma tendsN u x : tends u x -> tends (fun k => - u k) (- x).
Proof. by move=> H; apply: small_le H => k; rewrite -opprD normrN. Qed.
Lemma tendsB u v x y : tends u x -> tends v y -> tends (fun k => u k - v k) (x - y).
Proof. by move=> H1 H2; apply: tendsD => //; apply: tendsN. Qed.
Lemma tends_small u : (forall k, 0 <= u k) -> small u -> tends u 0.
Proof. by move=> u0; apply: small_le => k; rewrite subr0 ger0_norm. Qed.
Lemma tends_ge u x c : tends u x -> ev (fun k => c <= u k) -> c <= x.
Proof.
move=> H [N HN]; rewrite leNgt; apply/negP => xc; have e0 : 0 < (c - x) / 2%:R.
  by rewrite divr_gt0 ?subr_gt0 ?ltr0n.
have [M HM] := H _ e0; have := HM _ (leq_maxr N M); have := HN _ (leq_maxl N M).
move: (maxn N M) => k ck; apply/negP; rewrite -ltNge; apply: lt_le_trans (ler_norm _).
apply: lt_le_trans (_ : c - x <= _); last by rewrite ler_add2r.
by rewrite ltr_pdivr_mulr ?ltr0n // ltr_pmulr ?subr_gt0 // ltr1n.
Qed.
Lemma small_fin (T : finType) (f : T -> R) (t : nat -> T) :
  (forall x, 0 <= f x) -> small (fun k => f (t k)) -> ev (fun k => f (t k) = 0).
Proof.
move=> f0 H; pose m := \prod_(x | f x != 0) Num.min 1 (f x).
have pos x : f x != 0 -> 0 < Num.min 1 (f x).
  by move=> fx; rewrite lt_minr ltr01 lt_neqAle eq_sym fx f0.
have m0 : 0 < m by apply: prodr_gt0.
have [|N HN] := H (m / 2%:R); first by rewrite divr_gt0 ?ltr0n.
exists N => k /HN le; apply/eqP; apply: contraLR le => ne; rewrite -ltNge.
apply: lt_le_trans (_ : m <= _).
  by rewrite ltr_pdivr_mulr ?ltr0n // ltr_pmulr // ltr1n.
rewrite /m (bigD1 (t k)) //=; apply: le_trans (_ : Num.min 1 (f (t k)) <= _); last first.
  by rewrite le_minl lexx orbT.
rewrite ler_pimulr ?(ltW (pos _ _)) //.
suff /andP[] : 0 <= \prod_(x | (f x != 0) && (x != t k)) Num.min 1 (f x) <= 1 by [].
elim/big_rec: _ => [|x p /andP[fx _] /andP[p0 p1]]; first by rewrite ler01 lexx.
have m1 : Num.min 1 (f x) <= 1 by rewrite le_minl lexx.
by rewrite mulr_ge0 ?mulr_ile1 ?(ltW (pos _ fx)).
Qed.
End Sequences.
