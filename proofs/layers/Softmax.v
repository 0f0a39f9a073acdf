(* The softmax limit's algebra: targets with other weights are near the hardmax target.

   weighted w p Z       the mean of the tokens with weights w_j p_j, the p_j numbers >= 0;
                        m_i^beta if p_j = exp (beta <z_i, z_j>)

   conv_ball            |x - p_j|^2 <= D for all j implies |x - y|^2 <= D for y in the hull
   softmax_bound        if p_j = q > 0 on a set S and p_j <= q e elsewhere, and |z_j - z_l|^2 <= D,
                        then |weighted mean - mean over S|^2 <= ((W - w(S)) / w(S) e)^2 D
   softmax_limit        so with any E that turns sums into products, is positive and grows (as exp
                        does), and a gap Delta between <z_i, .> on C_i and elsewhere,
                        |m_i^beta - m_i|^2 <= ((W - w(C_i)) / w(C_i) E(- beta Delta))^2 D *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Forms Means Attention Hulls.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Softmax.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V) (w : I -> nat).
Hypothesis w_gt0 : forall i, (0 < w i)%N.
Hypotheses (bC : symmetric_form b) (b_pd : posdef b).
Implicit Types (Z : I -> V) (p : I -> R).

Definition weighted p Z : V :=
  (\sum_j (w j)%:R * p j)^-1 *: \sum_j ((w j)%:R * p j) *: Z j.

Lemma conv_ball Z L x y D : (forall j, sq b (x - Z j) <= D) -> conv Z L y -> sq b (x - y) <= D.
Proof.
move=> H [c [c0 _ c1 ->]]; have -> : x - \sum_i c i *: Z i = \sum_i c i *: (x - Z i).
  by under [RHS]eq_bigr do rewrite scalerBr; rewrite sumrB -scaler_suml c1 scale1r.
by apply: le_trans (sq_sum bC b_pd c0 H) _; rewrite c1 expr1n mul1r.
Qed.

Theorem softmax_bound Z (S : {set I}) i p q e D : i \in S -> 0 < q ->
  {in S, forall j, p j = q} -> (forall j, j \notin S -> 0 <= p j <= q * e) ->
  (forall j l, sq b (Z j - Z l) <= D) ->
  sq b (weighted p Z - mean w Z S) <= ((wt R w setT - wt R w S) / wt R w S * e) ^+ 2 * D.
Proof.
move=> iS q0 pS pN ZD; have S0 : 0 < wt R w S := wt_gt0 R w_gt0 iS.
set m := mean w Z S; pose T := \sum_j (w j)%:R * p j.
pose s := \sum_(j | j \notin S) (w j)%:R * p j.
have s0 : 0 <= s by rewrite sumr_ge0 // => j /pN/andP[p0 _]; rewrite mulr_ge0 ?ler0n.
have sumS (U : zmodType) (F : I -> U) : \sum_j F j = \sum_(j in S) F j + \sum_(j | j \notin S) F j.
  by rewrite (bigID (mem S)).
have TE : T = q * wt R w S + s.
  rewrite /T sumS; congr (_ + _); rewrite mulr_sumr; apply: eq_bigr => j jS.
  by rewrite pS // mulrC.
have T0 : 0 < T by rewrite TE ltr_paddr // mulr_gt0.
pose c j := T^-1 * (if j \in S then 0 else (w j)%:R * p j).
have c0 j : 0 <= c j.
  rewrite mulr_ge0 ?invr_ge0 ?(ltW T0) //; case: ifPn => // /pN/andP[p0 _].
  by rewrite mulr_ge0 ?ler0n.
have cs : \sum_j c j = T^-1 * s.
  rewrite -mulr_sumr sumS big1 ?add0r => [|j ->//]; congr (_ * _).
  by apply: eq_bigr => j /negbTE->.
have -> : weighted p Z - m = \sum_j c j *: (Z j - m).
  have -> : weighted p Z - m = T^-1 *: \sum_j ((w j)%:R * p j) *: (Z j - m).
    under [in RHS]eq_bigr do rewrite scalerBr.
    by rewrite sumrB -scaler_suml scalerBr [_ *: (_ *: m)]scalerA mulVf ?gt_eqF // scale1r.
  rewrite /c; under [RHS]eq_bigr do rewrite -scalerA; rewrite -scaler_sumr; congr (_ *: _).
  rewrite sumS [in RHS]sumS; congr (_ + _); last by apply: eq_bigr => j /negbTE->.
  rewrite [RHS]big1 => [|j ->]; last by rewrite scale0r.
  rewrite (eq_bigr (fun j => q *: ((w j)%:R *: Z j - (w j)%:R *: m))) => [|j /pS->].
    rewrite -scaler_sumr sumrB -scaler_suml -/(wt R w S) /m /mean scalerA.
    by rewrite mulfV ?gt_eqF // scale1r subrr scaler0.
  by rewrite mulrC -scalerA scalerBr.
have ZmD j : sq b (Z j - m) <= D by apply: conv_ball (ZD j) (conv_mean w_gt0 Z iS).
have D0 : 0 <= D := le_trans (sq_ge0 b_pd _) (ZD i i).
apply: le_trans (sq_sum bC b_pd c0 ZmD) _; rewrite ler_wpmul2r // cs.
have sle : s <= (wt R w setT - wt R w S) * (q * e).
  have -> : wt R w setT - wt R w S = \sum_(j | j \notin S) (w j)%:R.
    rewrite /wt [X in X - _](_ : _ = \sum_j (w j)%:R); first by rewrite sumS addrC addKr.
    by apply: eq_bigl => j; rewrite inE.
  by rewrite mulr_suml ler_sum // => j /pN/andP[_]; apply: ler_wpmul2l; rewrite ler0n.
have le : T^-1 * s <= (wt R w setT - wt R w S) / wt R w S * e.
  rewrite mulrC ler_pdivr_mulr // TE mulrDr ler_paddr //.
    rewrite mulr_ge0 // mulrAC mulr_ge0 ?invr_ge0 ?(ltW S0) //.
    by rewrite -(pmulr_lge0 _ q0) -mulrA [e * q]mulrC (le_trans s0).
  apply: le_trans sle _; rewrite le_eqVlt; apply/orP; left; apply/eqP.
  by field; rewrite gt_eqF.
by rewrite ler_expn2r // nnegrE ?(le_trans _ le) // mulr_ge0 // invr_ge0 ltW.
Qed.

Corollary softmax_limit Z i (E : R -> R) beta Delta D :
  (forall x y, E (x + y) = E x * E y) -> (forall x, 0 < E x) -> {homo E : x y / x <= y} ->
  0 <= beta ->
  (forall j l, j \in attn b Z i -> l \notin attn b Z i ->
    b (Z i) (Z l) + Delta <= b (Z i) (Z j)) ->
  (forall j l, sq b (Z j - Z l) <= D) ->
  sq b (weighted (fun j => E (beta * b (Z i) (Z j))) Z - target b w Z i) <=
    ((wt R w setT - wt R w (attn b Z i)) / wt R w (attn b Z i) * E (- (beta * Delta))) ^+ 2 * D.
Proof.
move=> ED E0 Emono beta0 gap ZD; have [j jC] := attn_ex b Z i.
apply: (softmax_bound jC (E0 (beta * b (Z i) (Z j)))) ZD => [l lC|l lC].
  by rewrite (attn_eq jC lC).
rewrite ltW //= -ED Emono // -mulrN -mulrDr ler_wpmul2l // ler_subr_addr.
exact: gap.
Qed.
End Softmax.
