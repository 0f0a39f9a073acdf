(* F and G: attention has no cycle, and some token leads.

   edge_norm            G: j in C_i implies |z_i|^2 + |z_i - z_j|^2 <= |z_j|^2, for symmetric forms
   edge_lt              so |z_i| < |z_j| if j != i, for distinct tokens and a definite form
   no_cycle             there is no path i -> j -> ... -> i along edges j in C_i, j != i
   closed_leads         G's corollary: a nonempty set closed under attention contains a leader
   greatest_leads       F: a token of greatest norm leads
   first_leader         so some token leads *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Forms Means Attention.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Acyclic.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Hypotheses (bC : symmetric_form b) (b_pd : posdef b).
Implicit Types (Z : I -> V) (C : {set I}) (i j l : I).

Theorem edge_norm Z i j : j \in attn b Z i -> sq b (Z i) + sq b (Z i - Z j) <= sq b (Z j).
Proof.
move=> /attnP/(_ i) H; rewrite (sqB bC) -subr_ge0.
have -> : sq b (Z j) - (sq b (Z i) + (sq b (Z i) - 2%:R * b (Z i) (Z j) + sq b (Z j)))
   = 2%:R * (b (Z i) (Z j) - sq b (Z i)) by ring.
by rewrite mulr_ge0 ?ler0n // subr_ge0.
Qed.
Theorem edge_lt Z i j : injective Z -> j \in attn b Z i -> j != i -> sq b (Z i) < sq b (Z j).
Proof.
move=> inj jC ji; apply: lt_le_trans (edge_norm jC); rewrite ltr_addl.
by apply: b_pd; rewrite subr_eq0 inj_eq // eq_sym.
Qed.
Theorem no_cycle Z i p : injective Z ->
  ~~ path (fun i j => (j \in attn b Z i) && (j != i)) i (rcons p i).
Proof.
move=> inj; apply/negP => cycle; pose lt j l := sq b (Z j) < sq b (Z l).
have tr : transitive lt by move=> j l m; apply: lt_trans.
have : path lt i (rcons p i) by apply: sub_path cycle => j l /andP[]; apply: edge_lt.
by move/(order_path_min tr)/allP/(_ i); rewrite mem_rcons inE eqxx /lt ltxx => /(_ isT).
Qed.

Theorem closed_leads Z C i : injective Z -> i \in C -> {in C, forall j, attn b Z j \subset C} ->
  exists2 j, j \in C & leads b Z j.
Proof.
move=> inj iC cl; have [j jC Hj] := @arg_maxP _ _ _ i (mem C) (fun j => sq b (Z j)) iC.
have self l : l \in attn b Z j -> l = j.
  move=> lj; apply/eqP/negPn/negP => /(edge_lt inj lj); rewrite ltNge => /negP; apply.
  exact: Hj (subsetP (cl j jC) _ lj).
exists j => //; apply/eqP/setP => l; rewrite [RHS]inE; apply/idP/eqP => [/self//|->].
by have [m mj] := attn_ex b Z j; rewrite -{1}(self m mj).
Qed.
Theorem greatest_leads Z i : injective Z -> (forall j, sq b (Z j) <= sq b (Z i)) -> leads b Z i.
Proof.
move=> inj H; apply/leadsP => j ji; rewrite -(ltr_pmul2l (ltr0n R 2)).
have := b_pd (_ : Z i - Z j != 0); rewrite subr_eq0 inj_eq // eq_sym => /(_ ji).
rewrite -/(sq b _) (sqB bC) addrAC subr_gt0 => /lt_le_trans; apply.
by rewrite mulr_natl mulr2n ler_add.
Qed.
Theorem first_leader Z i : injective Z -> exists j, leads b Z j.
Proof.
by move=> inj; have [//|j|j _ Lj] := @closed_leads Z setT i inj; rewrite ?inE //; exists j.
Qed.
End Acyclic.
