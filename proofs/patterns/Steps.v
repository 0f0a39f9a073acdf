(* Steps of vector polynomials, and how far they go.

   grows_is_zero        a polynomial P with |x^t P(t)| <= |x^(t+1) P(t+1)| for all t, 0 < x < 1, is
                        zero; over an archimedean field
   orthogonal_const     a polynomial with <P(t), P(t+1) - P(t)> = 0 for all t is constant; over any
                        ordered field
   squeezed             p + x^t q >= 0 >= p + x^t r for all t, 0 < x < 1, and polynomials p, q, r:
                        p = 0; over an archimedean field
   unbounded            if P is not constant, |P(t)|^2 exceeds every bound in the end; over an
                        archimedean field *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory Converge Reduction Polynomials Pattern.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Orthogonal.
Variables (R : realFieldType) (V : lmodType R) (b : form V).
Hypotheses (bC : symmetric_form b) (b_pd : posdef b).
Implicit Types (P : nat -> V).

Lemma lead_sq m P : has_degree m P ->
  degree_lt (m + m).+1 (fun t => sq b (P t)) /\ 0 < difs (m + m) (fun t => sq b (P t)) 0.
Proof.
move=> [HP lead]; have [HS E] := has_degree_dot b HP HP; split; first exact: HS.
by rewrite E pmulrn_lgt0 ?bin_gt0 ?leq_addr //; apply: b_pd.
Qed.
Lemma degree0 P : has_degree 0 P -> forall t, P t = P 0%N.
Proof. by move=> [HP _] t; apply: difs_const HP. Qed.
Theorem orthogonal_const P : polynomial_in P -> (forall t, b (P t) (dif P t) = 0) ->
  forall t, P t = P 0%N.
Proof.
move=> HP H; have [P0 t|[m Pm]] := polynomial_degree HP; first by rewrite !P0.
case: m Pm => [|p] Pm; first exact: degree0.
have Hd := (degree_ltS _ _).1 Pm.1; have step t : sq b (dif P t) = dif (fun h => sq b (P h)) t.
  by rewrite [RHS]/dif difS (sqD bC) H mulr0 addr0 addrC addKr.
have low : degree_lt (p.+1 + p.+1) (fun t => sq b (P t)).
  apply/degree_ltS/(degree_lt_ext step).
  exact: (degree_lt_prod (dotDl b) (dotDr b) Hd Hd).
by have [_] := lead_sq Pm; rewrite low ltxx.
Qed.
End Orthogonal.

Section Growth.
Variables (R : archiFieldType) (V : lmodType R) (b : form V).
Hypothesis b_pd : posdef b.
Implicit Types (P : nat -> V).

Lemma squeezed x (p q r : nat -> R) : 0 < x < 1 ->
  polynomial_in p -> polynomial_in q -> polynomial_in r ->
  (forall t, 0 <= p t + x ^+ t * q t) -> (forall t, p t + x ^+ t * r t <= 0) -> forall t, p t = 0.
Proof.
move=> x01 Hp Hq Hr ge le; have xt t : 0 <= x ^+ t.
  by case/andP: x01 => x0 _; rewrite exprn_ge0 // ltW.
have away f d : polynomial_in f -> 0 < d -> ev (fun t => d <= x ^+ t * f t) -> False.
  move=> Hf d0 [N HN]; have [|M HM] := polynomial_small x01 Hf (e := d / 2%:R).
    by rewrite divr_gt0 ?ltr0n.
  have : d <= d / 2%:R; last by rewrite leNgt ltr_pdivr_mulr ?ltr0n // ltr_pmulr // ltr1n.
  apply: le_trans (HN _ (leq_maxl N M)) (le_trans _ (HM _ (leq_maxr N M))).
  by rewrite mulrC ler_wpmul2r // ler_norm.
have [//|[d d0 [N HN]]|[d d0 [N HN]]] := polynomial_sign Hp; exfalso.
  apply: (away _ d (polynomialN Hr) d0); exists N => t /HN dp.
  by rewrite mulrN ler_oppr -subr_le0 opprK addrC; apply: le_trans (le t); rewrite ler_add2r.
apply: (away _ d Hq d0); exists N => t /HN pd; rewrite -subr_ge0; apply: le_trans (ge t) _.
by rewrite addrC ler_add2l.
Qed.
Theorem grows_is_zero x P : 0 < x < 1 -> polynomial_in P ->
  (forall t, sq b (x ^+ t *: P t) <= sq b (x ^+ t.+1 *: P t.+1)) -> forall t, P t = 0.
Proof.
move=> x01 HP up t; have [x0 x1] := andP x01.
have grow n : sq b (x ^+ t *: P t) <= sq b (x ^+ (t + n) *: P (t + n)%N).
  by elim: n => [|n IH]; rewrite ?addn0 // addnS; apply: le_trans IH (up _).
pose d := sq b (x ^+ t *: P t); have [|dn0] := eqVneq d 0.
  by move/eqP; rewrite (sq_eq0 b_pd) scaler_eq0 expf_eq0 gt_eqF // andbF => /eqP.
have d0 : 0 < d by rewrite lt_neqAle eq_sym dn0 sq_ge0.
have HS : polynomial_in (fun n => sq b (P n)) by apply: polynomial_dot.
have [|N HN] := polynomial_small x01 HS (e := d / 2%:R); first by rewrite divr_gt0 ?ltr0n.
have : d <= d / 2%:R; last by rewrite leNgt ltr_pdivr_mulr ?ltr0n // ltr_pmulr // ltr1n.
apply: le_trans (grow N) (le_trans _ (HN (t + N)%N (leq_addl _ _))).
rewrite sqZ mulrC ger0_norm ?sq_ge0 // ler_wpmul2l ?sq_ge0 // expr2.
by rewrite ler_pimull ?exprn_ge0 ?exprn_ile1 ?(ltW x0) ?(ltW x1).
Qed.

Theorem unbounded P : polynomial_in P -> ~ (forall t, P t = P 0%N) ->
  forall M, ev (fun t => M <= sq b (P t)).
Proof.
move=> HP moves M; have [P0|[m Pm]] := polynomial_degree HP.
  by case: moves => t; rewrite !P0.
case: m Pm => [/degree0/moves//|m] Pm; have [HS lead] := lead_sq b_pd Pm.
have [N HN] := lead_gt0 HS lead `|M|.
exists N => h /HN; apply: le_trans; apply: le_trans (ler_norm _) _.
by rewrite ler_pemulr ?exprn_ege1 // ler1n.
Qed.
End Growth.
