(* The limits and the polytope K, for row vectors over the reals, from a layer 0 on after which no
   token begins to lead. L is the set of leaders, s the limits, K the hull of the s_v with v in L.

   stable_limits        every token converges
   leader_pos           a leader's limit is its place
   limit_in             every limit is in K
   limit_max            <s_i, x> <= |s_i|^2 for x in K
   leader_exposed       <s_v, x> < |s_v|^2 for x in K, x != s_v, at a leader v
   limit_growth         |z_i^k| <= |s_i|
   hull_in in_hull      K is the intersection of all co(Z^k)
   vertex_locked        a token whose limit is a leader's place is locked there after finitely many
                        layers *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From mathcomp Require Import boolp classical_sets functions reals signed topology normedtype.
From mathcomp Require Import sequences.
From Hardmax Require Import Theory Converge Reals Capture.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory numFieldTopology.Exports.
Local Open Scope ring_scope.
Local Open Scope classical_set_scope.

Section Polytope.
Variables (R : realType) (d : nat) (I : finType) (A : 'M[R]_d) (w : I -> nat) (alpha : R).
Local Notation dotA := (dotA A).
Local Notation formA := (formA A).
Implicit Types x y z : 'rV[R]_d.
Hypotheses (A_sym : A^T = A) (A_pd : forall x, x != 0 -> 0 < dotA x x).
Local Notation formA_sym := (formA_sym A_sym).
Local Notation formA_pd := (formA_pd A_pd).
Local Notation unit_dual := (unit_dual A).
Local Notation coord_small := (coord_small A_sym A_pd).
Hypothesis w_gt0 : forall i, (0 < w i)%N.
Hypothesis alpha_gt0 : 0 < alpha.

Variables (Z0 : I -> 'rV[R]_d) (L : {set I}).
Hypothesis Z0_inj : injective Z0.
Local Notation Z k := (run formA w alpha Z0 k).
Hypothesis L_leads : forall k i, leads formA (Z k) i = (i \in L).
Let cauchy := stable_cauchy w_gt0 alpha_gt0 formA_sym formA_pd Z0_inj L_leads (@em_classic).
Lemma stable_limits : exists s : I -> 'rV[R]_d, forall i j, (fun k => Z k i 0 j) @ \oo --> s i 0 j.
Proof.
have one i j : exists x : R, (fun k => Z k i 0 j) @ \oo --> x.
  apply: cauchy_cvg_seq => e e0.
  have [|N HN] := cauchy i (e := e ^+ 2 / (sq formA (unit_dual j) + 1)).
    by rewrite divr_gt0 ?exprn_gt0 // ltr_paddl ?ltr01 // (sq_ge0 formA_pd).
  exists N => k l Nk Nl; have := coord_small e0 (HN _ _ Nk Nl).
  by rewrite !mxE.
have two i : exists x : 'rV[R]_d, forall j, (fun k => Z k i 0 j) @ \oo --> x 0 j.
  have [f Hf] := choice (one i); exists (\row_j f j) => j.
  by rewrite mxE; apply: Hf.
by have [s Hs] := choice two; exists s.
Qed.

Variable s : I -> 'rV[R]_d.
Hypothesis s_lim : forall i j, (fun k => Z k i 0 j) @ \oo --> s i 0 j.
Local Notation P := (P formA w alpha Z0).
Local Notation K := (conv s L).

Lemma leader_pos v : v \in L -> s v = Z0 v.
Proof.
move=> vL; apply/rowP => j; apply: (@seq_unique R _ _ _ (@s_lim v j)).
have -> : (fun k => Z k v 0 j) = fun=> Z0 v 0 j.
  by apply/funext => k; rewrite (leader_at w_gt0 alpha_gt0 L_leads k vL).
exact: const_cvg.
Qed.
Lemma conv_leaders x : conv Z0 L x -> K x.
Proof.
case=> c [c0 cL c1 ->]; exists c; split=> //; apply: eq_bigr => i _.
by have [/leader_pos->//|/cL->] := boolP (i \in L); rewrite !scale0r.
Qed.
Lemma P_small i j : j \notin L -> small (fun k => P k i j).
Proof.
move=> jL; apply: small_le (mass_small w_gt0 alpha_gt0 formA_sym formA_pd Z0_inj L_leads i) => k.
rewrite /mass (bigD1 j) //= ler_addl sumr_ge0 // => l _; exact: P_ge0.
Qed.
Lemma limit_in i : K (s i).
Proof.
apply: conv_leaders; apply: (@conv_closed R I d Z0 L (fun k j => P k i j)) => [k j|k|j jL|j].
- exact: P_ge0.
- exact: P_sum.
- exact: P_small.
have -> : (fun k => (\sum_l P k i l *: Z0 l) 0 j) = fun k => Z k i 0 j; last exact: s_lim.
by apply/funext => k; rewrite -P_run.
Qed.
Lemma limit_max_leader i v : v \in L -> dotA (s i) (s v) <= sq formA (s i).
Proof.
move=> vL; have cz : (fun k => sq formA (Z k i)) @ \oo --> sq formA (s i) by apply: cvg_dotA.
have cs : (fun k => slack formA w (Z k) i) @ \oo --> (0 : R).
  apply: small_cvg0 => [k|]; first exact: slack_ge0.
  by apply: slack_small => //; [exact: formA_sym|exact: em_classic].
have cv : (fun k => dotA (Z k i) (s v)) @ \oo --> dotA (s i) (s v).
  by apply: cvg_dotA => // j; apply: const_cvg.
rewrite -subr_ge0 -[sq formA (s i)]addr0.
apply: (@lim_ge R _ _ 0 0 (lim_sub (lim_add cz cs) cv)) => k _; rewrite leader_pos //.
exact: (gap_leader w_gt0 alpha_gt0 L_leads).
Qed.
Lemma limit_max i x : K x -> dotA (s i) x <= sq formA (s i).
Proof. by apply: (conv_half (b := formA)) => v; apply: limit_max_leader. Qed.
Lemma leader_lt v : v \in L -> {in L, forall u, u != v -> dotA (s v) (s u) < dotA (s v) (s v)}.
Proof.
move=> vL u uL uv; rewrite !leader_pos //; have := L_leads 0 v; rewrite vL => /leadsP.
by move=> /(_ u uv).
Qed.
Lemma leader_exposed v x : v \in L -> K x -> x != s v -> dotA (s v) x < sq formA (s v).
Proof.
move=> vL Kx; rewrite ltNge; apply: contra => /(conv_exposed (b := formA) (leader_lt vL) Kx) E.
exact/eqP.
Qed.
Lemma limit_growth i k : sq formA (Z k i) <= sq formA (s i).
Proof.
have cz : (fun k => sq formA (Z k i)) @ \oo --> sq formA (s i) by apply: cvg_dotA.
apply: (@lim_ge R _ _ _ k cz) => l kl; rewrite -(subnKC kl).
elim: (l - k)%N => [|t IH]; rewrite ?addn0 // addnS; apply: le_trans IH _.
by apply: norm_grows => //; exact: formA_sym.
Qed.
Lemma hull_in x : (forall k, conv (Z k) [set: I]%SET x) -> K x.
Proof.
move=> H; have [a Ha] := choice H; apply: conv_leaders.
have aP k : x = \sum_j (\sum_i a k i * P k i j) *: Z0 j.
  by case: (Ha k) => a0 _ a1 ->; apply: P_mix.
apply: (@conv_closed R I d Z0 L (fun k j => \sum_i a k i * P k i j)) => [k j|k|j jL|j].
- by case: (Ha k) => a0 _ _ _; rewrite sumr_ge0 // => i _; rewrite mulr_ge0 ?P_ge0.
- case: (Ha k) => _ _ a1 _; rewrite exchange_big -{}a1; apply: eq_bigr => i _ /=.
  by rewrite -mulr_sumr P_sum ?mulr1.
- apply: (@small_le _ _ (fun k => \sum_i P k i j)) => [k|].
    case: (Ha k) => a0 _ a1 _; apply: ler_sum => i _; rewrite ler_pimull ?P_ge0 //.
    by rewrite -a1 (bigD1 i) //= ler_addl sumr_ge0.
  elim: (index_enum I) => [|i r IH].
    by move=> e /ltW e0; exists 0%N => k _; rewrite big_nil.
  by apply: small_le (small_add (P_small i jL) IH) => k; rewrite big_cons.
have -> : (fun k => (\sum_l (\sum_i a k i * P k i l) *: Z0 l) 0 j) = fun=> x 0 j.
  by apply/funext => k; rewrite -aP.
exact: const_cvg.
Qed.
Lemma in_hull x k : K x -> conv (Z k) [set: I]%SET x.
Proof.
case=> c [c0 cL c1 ->]; exists c; split=> // [i|]; first by rewrite finset.in_setT.
apply: eq_bigr => i _; have [iL|/cL->] := boolP (i \in L); last by rewrite !scale0r.
by rewrite leader_pos // (leader_at w_gt0 alpha_gt0 L_leads k iL).
Qed.
Lemma vertex_locked i v : v \in L -> s i = s v -> exists k, forall t, locked formA (Z (k + t)) i v.
Proof.
move=> vL E; have Lv : leads formA Z0 v by have := L_leads 0 v; rewrite vL.
have [c c0 H] := captured w_gt0 alpha_gt0 formA_sym formA_pd Lv Z0_inj.
have cz : (fun k => dotA (Z k i - Z0 v) (Z k i - Z0 v)) @ \oo --> dotA 0 0.
  have coord j : (fun k => (Z k i - Z0 v) 0 j) @ \oo --> (0 : 'rV[R]_d) 0 j.
    have -> : (fun k => (Z k i - Z0 v) 0 j) = fun k => Z k i 0 j - Z0 v 0 j.
      by apply/funext => k; rewrite !mxE.
    have -> : (0 : 'rV[R]_d) 0 j = s i 0 j - Z0 v 0 j by rewrite E leader_pos // mxE subrr.
    by apply: (lim_sub (@s_lim i j)); apply: const_cvg.
  exact: cvg_dotA.
have c2 : 0 < c / 2%:R by rewrite divr_gt0 ?ltr0n.
rewrite [dotA 0 0](dot0l formA) in cz; have [k Hk] := lim0_small cz c2.
exists k => t; apply: H; apply: le_lt_trans (Hk _ (leq_addr t k)) _.
by rewrite ltr_pdivr_mulr ?ltr0n // ltr_pmulr // ltr1n.
Qed.
End Polytope.
