(* Notes 8.4: who resonates, in a pattern C that stands for ever. By 8.2 (OneBase.v) there are s and
   polynomials P with z_i(t) = s_i + lam^t P_i(t).

   target_term i t      Q_i(t), the mean of P(t) over C_i: m_i(t) = s_i + lam^t Q_i(t)
   constant_target i    (a) m_i is constant
   sees_rest i          (b) some token of C_i rests
   sees_leader i        (c) some token of C_i leads

   constant_targetP     (a) iff Q_i = 0
   equal_products       <z_i(t), x + lam^t u(t)> = 0 for all t, base by base
   rest_constant        (b) implies (a)
   target_in_attn       j in C_i and <z_i, m_j> = <z_i, z_j> imply that C_j is in C_i
   constant_closed      (a) implies that C_j is in C_i for all j in C_i
   constant_leader      so (a) implies (c)
   leader_seen          (a), (b), (c) are equivalent, over any ordered field
   leader_closed        if they hold, C_j is in C_i for all j in C_i,
   fixed_target         and z_i(t) - s_i = lam^t (z_i(0) - s_i)
   rests_target         m_i = z_i if i rests
   resonance            if they fail, no token of C_i rests, i moves, C_i has two tokens at least,
                        P_i has the degree of Q_i and one more, and in the end |z_i(t) - s_i|^2 is
                        at least M lam^2t, for every M; over an archimedean field
   distances            every |z_i(t) - s_i| is O(lam^t) iff every attention set has a leader *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory Converge Reduction Pattern OneBase Steps Single.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Leaders.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R) (Z : I -> V) (C : I -> {set I}) (s : I -> V).
Variable P : I -> nat -> V.
Hypotheses (w_gt0 : forall i, (0 < w i)%N) (alpha_gt0 : 0 < alpha).
Hypotheses (bC : symmetric_form b) (b_pd : posdef b) (Z_inj : injective Z).
Local Notation lam := (lam alpha).
Local Notation z := (run b w alpha Z).
Local Notation m t i := (target b w (z t) i).
Hypotheses (C_stands : stands b w alpha Z C) (z_base : one_base lam z s P).
Definition target_term i t : V := mean w (fun j => P j t) (C i).
Local Notation Q := target_term.
Definition constant_target i := forall t, m t i = m 0%N i.
Definition sees_rest i := exists2 j, j \in C i & rests z j.
Definition sees_leader i := exists2 j, j \in C i & C j = [set j].

Let lam01 := lam01 alpha_gt0.
Let HP i : polynomial_in (P i). Proof. by case: z_base. Qed.
Let HQ i : polynomial_in (Q i). Proof. exact: polynomial_means z_base i. Qed.
Let zE t i : z t i = s i + lam ^+ t *: P i t. Proof. by case: z_base. Qed.
Let mE t i : m t i = s i + lam ^+ t *: Q i t.
Proof. exact: (ones_target alpha_gt0 C_stands z_base). Qed.
Let PS i t : dif (P i) t = alpha *: Q i t. Proof. exact: (ones_step alpha_gt0 C_stands z_base). Qed.

Lemma attn_some i : exists j, j \in C i.
Proof. by have [j] := attn_ex b Z i; rewrite (C_stands 0%N); exists j. Qed.
Lemma constant_targetP i : constant_target i <-> forall t, Q i t = 0.
Proof.
split=> [H|Q0 t]; last by rewrite !mE !Q0 !scaler0.
have [||t|_ //] := @terms_unique _ _ _ lam01 (s i) (m 0%N i) (Q i) (fun=> 0).
- exact: HQ.
- exact: polynomial_const.
by rewrite -mE H scaler0 addr0.
Qed.
Let still i : (forall t, Q i t = 0) -> forall t, P i t = P i 0%N.
Proof. by move/(ones_constant alpha_gt0 C_stands z_base). Qed.

(* The products of z_i with two points of bases 1 and lam, as one identity of terms. *)
Lemma equal_products i x u : polynomial_in u ->
  (forall t, b (z t i) (x + lam ^+ t *: u t) = 0) ->
  [/\ b (s i) x = 0, forall t, b (s i) (u t) + b (P i t) x = 0 & forall t, b (P i t) (u t) = 0].
Proof.
move=> Hu H; have pc y : polynomial_in (fun=> y : V) := polynomial_const y.
apply: (@terms2_zero _ [lmodType R of R^o] lam lam01) => [||t].
- by apply: polynomialD; apply: polynomial_dot.
- exact: polynomial_dot.
rewrite -[RHS](H t) zE !dotDl !dotDr !dotZl !dotZr mulnC exprM.
by rewrite /GRing.scale /=; ring.
Qed.
Theorem rest_constant i : sees_rest i -> constant_target i.
Proof.
move=> [l lC rest]; apply/constant_targetP; have zl t : z t l = s l.
  by rewrite zE ((ones_fixed alpha_gt0 z_base l).1 rest) // scaler0 addr0.
have [||_ _ PQ] := @equal_products i (s i - s l) (Q i) => //.
  move=> t; rewrite addrAC -mE -(zl t) dotBr (target_max _ (j := l)) ?subrr //.
  by rewrite C_stands.
apply/(ones_constant alpha_gt0 C_stands z_base)/(orthogonal_const bC b_pd) => // t.
by rewrite PS dotZr PQ mulr0.
Qed.

Lemma target_in_attn X i j : j \in attn b X i -> b (X i) (target b w X j) = b (X i) (X j) ->
  attn b X j \subset attn b X i.
Proof.
move=> jC E; apply/subsetP => l lC; apply/negPn/negP => lN.
have le h : h \in attn b X j -> b (X i) (X h) <= b (X i) (X j).
  by move=> _; apply: (attnP _ _ _ _ jC).
have := avg_lt w_gt0 lC le (attn_notin jC lN).
by rewrite -dot_meanr -/(target b w X j) E ltxx.
Qed.
Theorem constant_closed i : constant_target i -> {in C i, forall j, C j \subset C i}.
Proof.
move=> /constant_targetP Q0 j jC; have PC := still Q0.
have ms h : m h i = s i by rewrite mE Q0 scaler0 addr0.
have terms l : l \in C i -> forall t,
    b (s i) (P l t) = b (s i) (P l 0%N) /\ b (P i 0%N) (P l t) = 0.
  move=> lC t; have [|h|_ E1 E2] := @equal_products i (s l - s i) (P l) => //.
    by rewrite addrAC -zE -(ms h) dotBr (target_max _ (j := l)) ?subrr ?C_stands.
  split; last by rewrite -(PC t).
  by have := E1 t; rewrite -(E1 0%N) (PC t) => /addIr.
have fall l : l \in C i -> b (z 0%N i) (z 0%N l - m 0%N l) = b (s i) (P l 0%N).
  move=> lC; have zero y : b y (P l 1%N) = b y (P l 0%N) -> b y (Q l 0%N) = 0.
    move=> E; apply: (mulfI (lt0r_neq0 alpha_gt0)).
    by rewrite -dotZr -PS /dif dotBr E subrr mulr0.
  have [[K1 A1] [_ A0]] := (terms l lC 1%N, terms l lC 0%N).
  rewrite !zE mE expr0 !scale1r opprD addrACA subrr add0r dotDl !dotBr zero // zero ?A1 ?A0 //.
  by rewrite !subr0 addr0.
have top l : l \in C i -> b (z 0%N i) (m 0%N l) <= b (z 0%N i) (z 0%N l).
  by move=> lC; apply: half_target => // h; move: lC; rewrite -(C_stands 0%N) => /attnP.
suff K0 : b (s i) (P j 0%N) = 0.
  rewrite -!(C_stands 0%N); apply: target_in_attn; rewrite ?C_stands //.
  by apply/eqP; rewrite eq_sym -subr_eq0 -dotBr fall // K0.
apply/eqP/negPn/negP => Kj; have ge l : l \in C i -> 0 <= b (s i) (P l 0%N).
  by move=> lC; rewrite -fall // dotBr subr_ge0 top.
have := @avg_gt0 _ _ w w_gt0 _ (C i) j ge jC; rewrite lt_neqAle eq_sym Kj ge // => /(_ isT).
by rewrite -dot_meanr -/(Q i 0%N) Q0 dot0r ltxx.
Qed.
Theorem constant_leader i : constant_target i -> sees_leader i.
Proof.
move=> H; have [j jC] := attn_some i; have [|l lC L] := closed_leads bC b_pd Z_inj jC.
  by move=> l lC; rewrite (C_stands 0%N); apply: constant_closed.
by exists l => //; apply/eqP; rewrite -(C_stands 0%N).
Qed.
Lemma leader_rests i : C i = [set i] -> rests z i.
Proof.
move=> L t; have Li : leads b Z i by rewrite /leads (C_stands 0%N) L.
by have [] := leader_forever w_gt0 alpha_gt0 t Li.
Qed.
Theorem fixed_target i : sees_leader i -> forall t, z t i - s i = lam ^+ t *: (z 0%N i - s i).
Proof.
move=> [j jC /leader_rests rest] t.
have /constant_targetP/still PC : constant_target i by apply: rest_constant; exists j.
by rewrite !zE expr0 scale1r ![s i + _]addrC !addrK PC.
Qed.
Lemma sees_leaderP i : reflect (sees_leader i) [exists j in C i, C j == [set j]].
Proof. by apply: (iffP exists_inP) => -[j jC /eqP E]; exists j => //; apply/eqP. Qed.
Lemma rests_target i t : rests z i -> m t i = z t i.
Proof.
move=> rest; apply: (scalerI (lt0r_neq0 (gam_gt0 alpha_gt0))); apply: (addrI (lam *: z t i)).
by rewrite -layerE // -runS -scalerDl lam_gam // scale1r !rest.
Qed.
Lemma rests_constant i : rests z i -> constant_target i.
Proof. by move=> rest t; rewrite !rests_target. Qed.
End Leaders.

(* Without s and P. *)
Section Seen.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R) (Z : I -> V) (C : I -> {set I}).
Hypotheses (w_gt0 : forall i, (0 < w i)%N) (alpha_gt0 : 0 < alpha).
Hypotheses (bC : symmetric_form b) (b_pd : posdef b) (Z_inj : injective Z).
Local Notation constant_target := (constant_target b w alpha Z).
Local Notation sees_rest := (sees_rest b w alpha Z C).
Local Notation sees_leader := (sees_leader C).
Hypothesis C_stands : stands b w alpha Z C.
Theorem leader_seen i :
  [/\ constant_target i -> sees_leader i, sees_leader i -> sees_rest i &
      sees_rest i -> constant_target i].
Proof.
have [s [P [z_base _]]] := ones_exist w_gt0 alpha_gt0 bC b_pd Z_inj C_stands; split.
- exact: (constant_leader w_gt0 alpha_gt0 bC b_pd Z_inj C_stands z_base).
- by move=> [j jC /(leader_rests w_gt0 alpha_gt0 C_stands)]; exists j.
exact: (rest_constant w_gt0 alpha_gt0 bC b_pd C_stands z_base).
Qed.
Theorem leader_closed i : sees_leader i -> {in C i, forall j, C j \subset C i}.
Proof.
have [_ cb ba] := leader_seen i; move=> /cb/ba.
have [s [P [z_base _]]] := ones_exist w_gt0 alpha_gt0 bC b_pd Z_inj C_stands.
exact: (constant_closed w_gt0 alpha_gt0 C_stands z_base).
Qed.
End Seen.

Section Resonance.
Variables (R : archiFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R) (Z : I -> V) (C : I -> {set I}) (s : I -> V).
Variable P : I -> nat -> V.
Hypotheses (w_gt0 : forall i, (0 < w i)%N) (alpha_gt0 : 0 < alpha).
Hypotheses (bC : symmetric_form b) (b_pd : posdef b) (Z_inj : injective Z).
Local Notation lam := (lam alpha).
Local Notation z := (run b w alpha Z).
Hypotheses (C_stands : stands b w alpha Z C) (z_base : one_base lam z s P).
Local Notation Q := (target_term w C P).
Local Notation seen := (leader_seen w_gt0 alpha_gt0 bC b_pd Z_inj C_stands).

Lemma fast_if_leader i : sees_leader C i ->
  forall t, sq b (z t i - s i) = lam ^+ (2 * t) * sq b (z 0%N i - s i).
Proof.
move=> L t; rewrite (fixed_target w_gt0 alpha_gt0 bC b_pd C_stands z_base L).
by rewrite sqZ -exprM mulnC.
Qed.
Theorem resonance i : ~ sees_leader C i ->
  [/\ forall j, j \in C i -> ~ rests z j, ~ rests z i, (1 < #|C i|)%N,
      exists q, has_degree q (Q i) /\ has_degree q.+1 (P i) &
      forall M, ev (fun t => M * lam ^+ (2 * t) <= sq b (z t i - s i))].
Proof.
move=> no; have [ac cb ba] := seen i; have moves : ~ constant_target b w alpha Z i by move/ac.
have HQ : polynomial_in (Q i) := polynomial_means C z_base i.
have PS t : P i t.+1 - P i t = alpha *: Q i t := ones_step alpha_gt0 C_stands z_base i t.
have [HP zE] := z_base.
have [Q0|[q Qq]] := polynomial_degree HQ.
  by case: moves; apply/(constant_targetP alpha_gt0 C_stands z_base).
have [Pq _] := has_degree_step (lt0r_neq0 alpha_gt0) PS Qq; split.
- by move=> j jC rest; apply: moves; apply: ba; exists j.
- by move/(rests_constant alpha_gt0)/moves.
- rewrite ltnNge; apply/negP => le1; have [j jC] := attn_some C_stands i; apply: no.
  have E : C i = [set j] by apply/eqP; rewrite eq_sym eqEcard sub1set jC cards1.
  exists j => //; exact: (single_attention_leads w_gt0 alpha_gt0 bC b_pd Z_inj C_stands E).
- by exists q.
move=> M; have [|N HN] := unbounded b_pd (HP i) _ M.
  by move=> PC; have [] := has_degree_neq0 Qq => t; apply: (scalerI (lt0r_neq0 alpha_gt0));
    rewrite -PS !PC subrr scaler0.
exists N => t /HN le; rewrite zE [s i + _]addrC addrK sqZ -exprM mulnC mulrC.
by rewrite ler_wpmul2l // exprn_ge0 // ltW // lam_gt0.
Qed.
Corollary distances : (forall i, exists M, forall t, sq b (z t i - s i) <= M * lam ^+ (2 * t)) <->
  forall i, sees_leader C i.
Proof.
split=> [H i|H i]; last by exists (sq b (z 0%N i - s i)) => t; rewrite fast_if_leader // mulrC.
have [//|no] := sees_leaderP C i; have [M HM] := H i; case: (resonance no) => _ _ _ _ far.
have [N HN] := far (M + 1); have := le_trans (HN N (leqnn N)) (HM N).
by rewrite ler_pmul2r ?exprn_gt0 ?lam_gt0 // ger_addl ler10.
Qed.
End Resonance.
