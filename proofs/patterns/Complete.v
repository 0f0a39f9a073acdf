(******************************************************************************)
(* The conditions of a small certificate are complete: they hold wherever     *)
(* they should. Distinct tokens, a symmetric and definite form, a pattern C   *)
(* that stands for ever from Z on; coef, sol and lead are as in ClosedForm.v  *)
(* and Criterion.v, n is the number of tokens.                                *)
(*                                                                            *)
(*   conditions w alpha Z C s D   what `criterion` wants at all large T, with *)
(*                      both kinds of condition at their strongest: s is its  *)
(*                      own mean over C, c_(D+1) = 0, ties are ties term by   *)
(*                      term, and however a lead is written as a list of      *)
(*                      different terms, one of them dominates at all large T *)
(*                                                                            *)
(*   coef_difs          c_j(i) is the j-th difference of P_i at 0             *)
(*   coef_vanishes      c_j = 0 for j >= n                                    *)
(*   sol_run            sol is the run, if n <= D + 1                         *)
(*   tie_terms          j, l in C_i: <s_i, s_j - s_l> = 0, and the            *)
(*                      polynomials at lam^t and lam^2t are 0                 *)
(*   lead_dominated     j in C_i, l not: some term of the lead dominates      *)
(*   conditions_complete   such an s exists; over an archimedean field        *)
(*   criterion_iff      C stands iff the hypotheses of `criterion` hold for   *)
(*                      some s, D, T; over any ordered field                  *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory Converge ClosedForm Limits Criterion.
From Hardmax Require Import InTheEnd Pattern OneBase Dominance.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Lemma difs_mean (R : realFieldType) (V : lmodType R) (I : finType) (w : I -> nat)
  (P : I -> nat -> V) S m k :
  difs m (fun t => mean w (fun j => P j t) S) k = mean w (fun j => difs m (P j) k) S.
Proof.
elim: m k => [|m IH] k //=; rewrite /dif !IH /mean -scalerBr -sumrB; congr (_ *: _).
by apply: eq_bigr => j _; rewrite scalerBr.
Qed.

Section Complete.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R).
Hypotheses (w_gt0 : forall i, (0 < w i)%N) (alpha_gt0 : 0 < alpha).
Hypotheses (bC : symmetric_form b) (b_pd : posdef b).
Variables (Z : I -> V) (C : I -> {set I}).
Hypotheses (Z_inj : injective Z) (Cstands : stands b w alpha Z C).
Local Notation z := (run b w alpha Z).
Local Notation lam := (lam alpha).
Variables (s : I -> V) (P : I -> nat -> V).
Hypothesis ones : one_base lam z s P.
Hypothesis degrees : forall i, degree_lt (rank b Z i) (P i).
Local Notation coef := (coef w alpha Z C s).
Local Notation sol := (sol w alpha Z C s).

Lemma rank_lt_all i : (rank b Z i < #|I|)%N.
Proof. by apply/proper_card/properP; split; [apply/subsetP|exists i; rewrite ?inE ?ltxx]. Qed.
Lemma coef_difs j i : coef j i = difs j (P i) 0.
Proof.
elim: j i => [|j IH] i /=; first by rewrite -[Z i]/(z 0%N i) ones.2 scale1r addrC addKr.
rewrite (eq_means _ _ _ IH) /means -difs_mean -difsZ -[RHS]/(difs j.+1 _ _) difsS.
apply: difs_ext => t; by rewrite /dif (ones_step alpha_gt0 Cstands ones).
Qed.
Theorem coef_vanishes j i : (#|I| <= j.+1)%N -> coef j i = 0.
Proof.
move=> nj; rewrite coef_difs; apply: (degree_lt_le _ (@degrees i)).
by rewrite -ltnS (leq_trans (rank_lt_all i)).
Qed.
Variable D : nat.
Hypothesis nD : (#|I| <= D.+1)%N.
Lemma sum_coef t i : \sum_(j < D.+1) 'C(t, j)%:R *: coef j i = P i t.
Proof.
have HP : degree_lt D.+1 (P i) := degree_lt_le (ltnW (leq_trans (rank_lt_all i) nD)) (@degrees i).
by rewrite [RHS](newton HP); apply: eq_bigr => j _; rewrite coef_difs scaler_nat.
Qed.
Theorem sol_run t i : sol D t i = z t i. Proof. by rewrite /ClosedForm.sol sum_coef -ones.2. Qed.
Lemma lead_terms t i j l : lead b (sol D t) i j l = b (s i) (s j - s l)
  + lam ^+ t *: (b (s i) (P j t - P l t) + b (P i t) (s j - s l) : R^o)
  + lam ^+ (2 * t) *: (b (P i t) (P j t - P l t) : R^o).
Proof.
rewrite /lead !sol_run !ones.2 mulnC exprM; move: (lam ^+ t) => x.
by rewrite !(dotBr, dotDl, dotDr, dotZl, dotZr) -![_ *: _]/(_ * _); ring.
Qed.
Theorem tie_terms i j l : j \in C i -> l \in C i ->
  [/\ b (s i) (s j - s l) = 0,
      forall t, b (s i) (P j t - P l t) + b (P i t) (s j - s l) = 0 &
      forall t, b (P i t) (P j t - P l t) = 0].
Proof.
move=> jC lC; have HP := ones.1; have c := @polynomial_const V.
apply: (@terms2_zero _ [lmodType R of R^o] _ (lam01 alpha_gt0)) => [||t].
- by apply: polynomialD; apply: polynomial_dot; try (apply: polynomialB); auto.
- by apply: polynomial_dot; try (apply: polynomialB); auto.
rewrite -lead_terms /lead !sol_run dotBr; apply/eqP; rewrite subr_eq0; apply/eqP/esym.
by apply: attn_eq; rewrite Cstands.
Qed.
End Complete.

Section Conditions.
Variables (R : archiFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R).
Definition conditions (Z : I -> V) (C : I -> {set I}) (s : I -> V) (D : nat) :=
  let coef := coef w alpha Z C s in let sol := sol w alpha Z C s D in
  let X t i := \sum_(j < D.+1) 'C(t, j)%:R *: coef j i in
  [/\ forall i, means w C s i = s i,
      forall i, coef D.+1 i = 0,
      forall i j l, j \in C i -> l \in C i ->
        [/\ b (s i) (s j - s l) = 0,
            forall t, b (s i) (X t j - X t l) + b (X t i) (s j - s l) = 0 &
            forall t, b (X t i) (X t j - X t l) = 0] &
      forall i j l, j \in C i -> l \notin C i -> forall f, uniq [seq m.2 | m <- f] ->
        (forall t, ClosedForm.ev (lam alpha) f t = lead b (sol t) i j l) ->
        exists2 m, m \in f & ev (dominates_at (lam alpha) f m)].

Hypotheses (w_gt0 : forall i, (0 < w i)%N) (alpha_gt0 : 0 < alpha).
Hypotheses (bC : symmetric_form b) (b_pd : posdef b).
Variables (Z : I -> V) (C : I -> {set I}).
Hypotheses (Z_inj : injective Z) (Cstands : stands b w alpha Z C).
Theorem conditions_complete :
  exists s, forall D, (#|I| <= D.+1)%N -> conditions Z C s D /\
    forall t i, sol w alpha Z C s D t i = run b w alpha Z t i.
Proof.
have [s [P [ones degrees]]] := ones_exist w_gt0 alpha_gt0 bC b_pd Z_inj Cstands.
exists s => D nD; have run_sol := sol_run alpha_gt0 Cstands ones degrees nD; split=> //.
have XE t i := sum_coef alpha_gt0 Cstands ones degrees nD t i; split=> [i|i|i j l jC lC|].
- exact: (ones_rest alpha_gt0 Cstands ones).
- by apply: (coef_vanishes alpha_gt0 Cstands ones degrees); apply: ltnW.
- have [E0 E1 E2] := tie_terms alpha_gt0 Cstands ones degrees nD jC lC.
  by split=> // t; rewrite !XE.
move=> i j l jC lC f uf fE; apply: dominant_complete => //; first exact: lam01.
exists 0%N => t _; rewrite fE /lead !run_sol dotBr subr_gt0; apply: attn_notin; rewrite Cstands //.
Qed.
End Conditions.

(* The criterion's hypotheses, too, hold whenever the pattern stands. *)
Section Criterion.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R).
Hypotheses (w_gt0 : forall i, (0 < w i)%N) (alpha_gt0 : 0 < alpha).
Hypotheses (bC : symmetric_form b) (b_pd : posdef b).
Variables (Z : I -> V) (C : I -> {set I}).
Hypothesis Z_inj : injective Z.
Local Notation run := (run b w alpha Z).
Theorem criterion_iff : stands b w alpha Z C <-> exists s D T,
  [/\ forall i, means w C s i = s i, forall i, coef w alpha Z C s D.+1 i = 0,
      forall t i, (t <= T)%N -> attn b (run t) i = C i &
      forall i, locked_row C i \/ exists2 j, j \in C i & forall t l, (T <= t)%N ->
        if l \in C i then lead b (sol w alpha Z C s D t) i j l = 0
        else 0 < lead b (sol w alpha Z C s D t) i j l].
Proof.
split=> [Cstands|[s [D [T [H0 H1 H2 H3]]]] t i]; last first.
  by have [_] := criterion w_gt0 alpha_gt0 H0 H1 H2 H3 t; apply.
have [s [P [ones degrees]]] := ones_exist w_gt0 alpha_gt0 bC b_pd Z_inj Cstands.
exists s, #|I|, 0%N; have run_sol := sol_run alpha_gt0 Cstands ones degrees (leqnSn _).
split=> [i|i|t i _|i]; last right.
- exact: (ones_rest alpha_gt0 Cstands ones).
- by apply: (coef_vanishes alpha_gt0 Cstands ones degrees); rewrite ltnW.
- exact: Cstands.
have [j jC] := attn_ex b Z i; rewrite -[Z]/(run 0) Cstands in jC; exists j => // t l _.
rewrite /lead !run_sol dotBr; case: ifP => lC; last by
  rewrite subr_gt0; apply: attn_notin; rewrite Cstands ?lC.
by apply/eqP; rewrite subr_eq0; apply/eqP/esym/attn_eq; rewrite Cstands.
Qed.
End Criterion.
