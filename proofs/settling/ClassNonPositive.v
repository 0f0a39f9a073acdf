(* A class in which nothing balanced lies beyond the face: in the end its moving tokens attend to
   known tokens only, and it settles, for every alpha.

   along_far             x_i <= - xi < 0 for ever
   cone_growth           |W_i| <= B (k+1)^(q+1) |x_i|
   nobody_attends        in the end C_i lies in K: if i attends to a moving l of the class then
                         0 <= M_i = x_l + <u_i, W_l>, so 1 <= |u_i| B (k+1)^(q+1), which is small
   nonpositive_settles   the attention sets of the class are eventually constant, and the scaled
                         deviations eventually polynomials                                        *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From mathcomp Require Import reals.
From Hardmax Require Import Theory Converge Capture Reduction Polynomials.
From Hardmax Require Import ClassSetting ClassScores ClassBest ClassSettles.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section NonPositive.
Variables (R : realType) (V : lmodType R) (I : finType) (b : form V) (w : I -> nat) (alpha : R).
Variables (Z0 s : I -> V) (s0 : V) (J K : {set I}).
Hypothesis H : one_class b w alpha Z0 s s0 J K.
Local Notation Z k := (run b w alpha Z0 k).
Local Notation C k i := (attn b (Z k) i).
Local Notation dev := (dev b w alpha Z0 s).
Local Notation W := (scaled b w alpha Z0 s).
Local Notation lift := (lift b w alpha Z0 s s0).
Local Notation pull := (pull b w alpha Z0 s).
Local Notation along := (along b w alpha Z0 s s0).
Local Notation known := (known b w alpha Z0 K).
Let w_gt0 := class_w H.
Let alpha_gt0 := class_alpha H.
Hypothesis nonpositive : forall k S, balanced w s s0 K S -> lift k S <= 0.

Lemma lift_known k i : i \in J -> lift k (known k i) <= 0.
Proof.
move=> iJ; have [E0|ne] := eqVneq (known k i) set0;
  last exact: nonpositive (known_balanced H iJ ne).
by rewrite E0 /ClassScores.lift /ClassScores.pull /mean !big_set0 scaler0 dot0r.
Qed.
Lemma along_falls k i : i \in J -> along k.+1 i <= along k i.
Proof.
move=> iJ; rewrite (alongS H) ger_addl pmulr_rle0 // (avg_along H).
have [j jC] := attn_ex b (Z k) i; apply: (avg_le w_gt0 jC) => l lC /=.
case: ifPn => [_|lK]; first exact: lift_known.
by have [_ /ltW] := along_neg H k (sees_JK H iJ lC lK).
Qed.
Lemma along_far i0 : i0 \in J -> exists2 xi, 0 < xi & forall k i, i \in J -> along k i <= - xi.
Proof.
move=> iJ.
have [t tJ /= tmax] := @Order.TotalTheory.arg_maxP _ _ _ i0 (mem J) (along 0) iJ.
exists (- along 0 t) => [|k i iJ']; first by rewrite oppr_gt0; have [] := along_neg H 0 tJ.
rewrite opprK; elim: k => [|k IH]; first exact: tmax.
exact: le_trans (along_falls k iJ') IH.
Qed.
Lemma cone_growth i0 : i0 \in J -> exists B q, 0 <= B /\
  forall k i, i \in J -> nrm b (W k i) <= B * k.+1%:R ^+ q * - along k i.
Proof.
move=> iJ; have [xi xi0 far] := along_far iJ; have [B1 [q [B10 HB]]] := pull_growth H.
have a0 := ltW alpha_gt0.
pose B0 := \sum_(i in J) nrm b (W 0 i) / xi; pose B := B0 + alpha * B1 / xi.
have B00 : 0 <= B0 by rewrite sumr_ge0 // => i _; rewrite divr_ge0 ?nrm_ge0 // ltW.
have B20 : 0 <= alpha * B1 / xi by rewrite divr_ge0 ?mulr_ge0 // ltW.
have B_ge0 : 0 <= B by rewrite addr_ge0.
exists B, q.+1; split=> //; elim=> [|k IH] i iJ'.
  rewrite expr1n mulr1; apply: le_trans (_ : nrm b (W 0 i) / xi * - along 0 i <= _).
    by rewrite mulrAC ler_pdivl_mulr // ler_wpmul2l ?nrm_ge0 // ler_oppr far.
  rewrite ler_wpmul2r //; first by rewrite oppr_ge0; have [_ /ltW] := along_neg H 0 iJ'.
  apply: le_trans (_ : B0 <= _); last by rewrite ler_addl.
  by rewrite /B0 (bigD1 i) //= ler_addl sumr_ge0 // => j _; rewrite divr_ge0 ?nrm_ge0 // ltW.
set G := B * k.+1%:R ^+ q.+1 in IH *; have G0 : 0 <= G by rewrite mulr_ge0 ?exprn_ge0 ?ler0n.
pose P : R := k.+1%:R ^+ q; have P0 : 0 <= P by rewrite exprn_ge0 ?ler0n.
have [j jC] := attn_ex b (Z k) i.
have xneg : 0 <= - along k.+1 i by rewrite oppr_ge0; have [_ /ltW] := along_neg H k.+1 iJ'.
apply: le_trans (_ : (G + B * P) * - along k.+1 i <= _); last first.
  rewrite ler_wpmul2r // /G -mulrDr ler_wpmul2l // exprSr -/P -{2}[P]mulr1 -mulrDr -mulrSr exprSr.
  by rewrite ler_wpmul2r ?ler0n // ler_expn2r ?nnegrE ?ler0n // ler_nat.
apply: le_trans (_ : G * - along k.+1 i + alpha * (B1 * P) <= _); last first.
  rewrite mulrDl ler_add2l mulrAC mulrA [leRHS]mulrC [leRHS]mulrC ler_wpmul2r //.
  apply: le_trans (_ : alpha * B1 / xi * - along k.+1 i <= _);
    last by rewrite ler_wpmul2r // ler_addr.
  rewrite mulrAC ler_pdivl_mulr // ler_wpmul2l ?mulr_ge0 // ler_oppr; exact: far.
rewrite (scaledS H); apply: le_trans (nrmD H _ _) _.
rewrite (nrmZ b (mean w (W k) (C k i)) a0) (alongS H) opprD mulrDr -addrA.
apply: ler_add; first exact: IH.
set a := avg w (along k) _;
  have -> : G * - (alpha * a) + alpha * (B1 * P) = alpha * (B1 * P - G * a) by ring.
rewrite ler_pmul2l // (mean_known H) -/(known k i) -/(pull k (known k i)).
apply: le_trans (nrm_mean H _ _) _.
rewrite ler_subr_addr /a (avg_along H) -avgZ -[X in _ + X]opprK -avgN -avgB.
apply: (avg_le w_gt0 jC) => l lC /=; rewrite opprK; case: ifPn => [lK|lK].
  have ne : known k i != set0 by apply/set0Pn; exists l; rewrite inE lC.
  rewrite -[leRHS]addr0; apply: ler_add; first by apply: HB; apply: (known_balanced H).
  by rewrite mulr_ge0_le0 // lift_known.
apply: le_trans (mulr_ge0 B10 P0); rewrite -ler_subr_addr sub0r -mulrN; apply: IH.
exact: (sees_JK H iJ' lC lK).
Qed.
Theorem nobody_attends i : i \in J -> ev (fun k => C k i \subset K).
Proof.
move=> iJ; have [B [q [B0 cone]]] := cone_growth iJ.
have half : 0 < 2%:R^-1 :> R by rewrite invr_gt0 ltr0n.
have [N HN] := dev_beats H q i B0 half; exists N => k /HN near.
apply/subsetP => l lC; apply: contraT => lK; have lJ := sees_JK H iJ lC lK.
have [_ x0] := along_neg H k lJ.
have := score_ge0 H iJ lC; rewrite (score_J H) // -ler_subl_addl sub0r.
suff: b (dev k i) (W k l) <= 2%:R^-1 * - along k l.
  move=> le /le_trans/(_ le); rewrite leNgt gtr_pmull ?oppr_gt0 // invf_lt1 ?ltr0n //.
  by rewrite ltr1n.
apply: le_trans (ler_norm _) _; apply: le_trans (dot_nrm H _ _) _.
apply: le_trans (ler_wpmul2l (nrm_ge0 b _) (cone k l lJ)) _.
by rewrite mulrA ler_wpmul2r // oppr_ge0 ltW.
Qed.
End NonPositive.

Theorem nonpositive_settles (R : realType) (V : lmodType R) (I : finType) (b : form V)
  (w : I -> nat) (alpha : R) (Z0 s : I -> V) (s0 : V) (J K : {set I}) :
  one_class b w alpha Z0 s s0 J K ->
  ev (fun k => forall S, balanced w s s0 K S -> lift b w alpha Z0 s s0 k S <= 0) ->
  forall i, i \in J -> token_settles b w alpha Z0 s i.
Proof.
move=> H [M HM] i iJ; have [N [Vs [ties best]]] := best_exists (one_class_later H M) iJ.
apply: (token_settles_later (class_alpha H) (N := (M + N)%N)).
have HN := one_class_later H (M + N).
have best' : best_set b w alpha (run b w alpha Z0 (M + N)) s s0 K Vs ties.
  by rewrite -run_from.
apply: (class_settles HN best' iJ); apply: (nobody_attends HN) => // k S bS.
rewrite (lift_later H) pmulr_rle0 ?(lamk_gt0 H) //; apply: HM => //.
by rewrite -addnA leq_addr.
Qed.
