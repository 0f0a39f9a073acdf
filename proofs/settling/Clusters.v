(* Whether a configuration settles is decided at one limit after the other: those that are no
   vertices, the outermost first. Row vectors over the reals, as in Settling.v.

   attention_settles i  in the end the attention set of token i is constant
   vertex_attention     it is if the limit of i is the place of a leader
   settles_iff_clusters a configuration settles iff at every limit s_i that is no vertex it settles
                        as far as it does farther out: if the attention set of every token j with
                        |s_i| < |s_j| is constant in the end, so is that of i *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import boolp classical_sets functions reals signed topology normedtype.
From mathcomp Require Import sequences.
From Hardmax Require Import Theory Converge Reals Main Reduction Faces Settling.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory numFieldTopology.Exports.
Local Open Scope ring_scope.
Local Open Scope classical_set_scope.

Section Clusters.
Variables (R : realType) (d : nat) (I : finType) (A : 'M[R]_d) (w : I -> nat) (alpha : R).
Local Notation formA := (formA A).
Hypotheses (A_sym : A^T = A) (A_pd : forall x, x != 0 -> 0 < dotA A x x).
Hypothesis w_gt0 : forall i, (0 < w i)%N.
Hypothesis alpha_gt0 : 0 < alpha.
Variables (Z0 s : I -> 'rV[R]_d).
Hypothesis Z0_inj : injective Z0.
Local Notation Z k := (run formA w alpha Z0 k).
Hypothesis s_lim : forall i j, (fun k => Z k i 0 j) @ \oo --> s i 0 j.
Local Notation vertex := (vertex A w alpha Z0 s).

Definition attention_settles i := exists C, ev (fun k => attn formA (Z k) i = C).
Lemma vertex_attention i : vertex i -> attention_settles i.
Proof.
have [N [L [inj L_leads LP lim]]] := setting A_sym A_pd w_gt0 alpha_gt0 Z0_inj s_lim.
move=> /(vertexP s LP) iv; have [v [_ _] [M HM]] := vert_locked w_gt0 alpha_gt0 (formA_sym A_sym)
  (formA_pd A_pd) inj L_leads lim iv.
exists [set v]%SET, (N + M)%N => k Nk; have Nk' := leq_trans (leq_addr M N) Nk.
rewrite -(subnKC Nk') run_add; have := HM (k - N)%N; rewrite leq_subRL // => /(_ Nk).
by case/andP => /eqP.
Qed.
Theorem settles_iff_clusters : settles formA w alpha Z0 <-> forall i, ~ vertex i ->
  (forall j, sq formA (s i) < sq formA (s j) -> attention_settles j) -> attention_settles i.
Proof.
split=> [[N [C HC]] i _ _|H]; first by exists (C i), N => k; apply: HC.
suff /choice[C HC] : forall i, attention_settles i.
  by have [N HN] := ev_all HC; exists N, C => k i /HN.
move=> i; have [n] := ubnP #|[set l | sq formA (s i) < sq formA (s l)]%SET|.
elim: n i => // n IH i; rewrite ltnS => le.
have [/vertex_attention//|iv] := EM (vertex i); apply: H => // j ij; apply: IH.
apply: leq_trans (proper_card _) le; apply/properP; split.
  by apply/fintype.subsetP => m; rewrite !finset.in_set; apply: lt_trans.
by exists j; rewrite !finset.in_set ?ltxx.
Qed.
End Clusters.
