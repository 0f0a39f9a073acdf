(* A class in which some balanced set lies beyond the face (a positive class) does not exist, if its
   tops shrink: the descent.

   Notation: c(k) = c_Vs(k) > 0 the greatest, x_i, y_i as in ClassScores, q = 1 - 16 eta,
   rho = 1 - 8 eta, eta > 0 with lambda <= q.

   excess k i     A_i(k) = 2 c(k) - 2 x_i(k) - y_i(k) >= 2 c(k), least at tops
   attends_moving i attends to l of the class: A_l <= (1 + eta) y_i + error
   attends_known  i attends to a known token: y_i <= A_i + eta y_i + error
   tie_step       i attends to known tokens and perhaps itself: y_i(k+1) <= p (1+eta) y_i + error,
                  where p >= lambda, lambda (1 + alpha share of i)^2
   errors_small   the errors are at most eta c(k) for large k
   slow           c(k) <= (1 + eta) c(k+1) for large k
   not_forever    no token of the class attends to known tokens only for ever
   tops_shrink    (hypothesis) for large k a top has y_i(k+1) <= rho A_i(k)
   descent        A_i(k) <= a c(k) at a top at a large k gives, at a later top, A <= sigma a c,
                  where sigma = (1 + 2 eta)(1 + eta) rho < 1
   no_positive    so there is no positive class                                                  *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From mathcomp Require Import reals.
From Hardmax Require Import Theory Converge Capture Reduction Polynomials.
From Hardmax Require Import ClassSetting ClassScores ClassBest ClassSettles.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Positive.
Variables (R : realType) (V : lmodType R) (I : finType) (b : form V) (w : I -> nat) (alpha : R).
Variables (Z0 s : I -> V) (s0 : V) (J K Vs : {set I}) (ties : {set I} -> bool).
Hypothesis H : one_class b w alpha Z0 s s0 J K.
Hypothesis best : best_set b w alpha Z0 s s0 K Vs ties.
Local Notation Z k := (run b w alpha Z0 k).
Local Notation C k i := (attn b (Z k) i).
Local Notation lam := (lam alpha).
Local Notation dev := (dev b w alpha Z0 s).
Local Notation W := (scaled b w alpha Z0 s).
Local Notation lift := (lift b w alpha Z0 s s0).
Local Notation pull := (pull b w alpha Z0 s).
Local Notation x := (along b w alpha Z0 s s0).
Local Notation y := (spread b w alpha Z0 s).
Local Notation known := (known b w alpha Z0 K).
Local Notation balanced := (balanced w s s0 K).
Local Notation is_top := (is_top b w alpha Z0 J).
Local Notation c k := (lift k Vs).
Let w_gt0 := class_w H.
Let alpha_gt0 := class_alpha H.
Let bC := class_sym H.
Let b_pd := class_pd H.
Let lamk_gt0 := lamk_gt0 H.
Let bVs := best_balanced best.
Variable d : R.
Hypotheses (d_gt0 : 0 < d) (positive : forall k, d <= c k).
Let c_gt0 k : 0 < c k. Proof. exact: lt_le_trans d_gt0 (positive k). Qed.
Variable eta : R.
Hypotheses (eta_gt0 : 0 < eta) (lam_q : lam <= 1 - 16%:R * eta).
Let e0 := ltW eta_gt0.
Let q := 1 - 16%:R * eta.
Let rho := 1 - 8%:R * eta.
Let q_ge0 : 0 <= q. Proof. exact: le_trans (ltW (lam_gt0 alpha_gt0)) lam_q. Qed.
Let rho_half : 1 <= 2%:R * rho.
Proof. by rewrite -subr_ge0; have -> : 2%:R * rho - 1 = q by rewrite /rho /q; ring. Qed.
Let rho_gt0 : 0 < rho.
Proof. by rewrite -(pmulr_rgt0 _ (ltr0n R 2)) (lt_le_trans ltr01). Qed.

Definition excess k i := 2%:R * c k - (2%:R * x k i + y k i).
Lemma excess_ge k i : i \in J -> 2%:R * c k <= excess k i.
Proof. by move=> iJ; rewrite /excess ler_addl oppr_ge0; have [] := along_neg H k iJ. Qed.
Lemma excess_top k i l : is_top k i -> l \in J -> excess k i <= excess k l.
Proof.
move=> [iJ top] lJ; have := top l lJ; rewrite !(norm_along H k) // ler_add2l ler_pmul2l //.
by rewrite ler_add2l ler_opp2.
Qed.
Lemma excess_ge_c k i : i \in J -> c k <= excess k i.
Proof.
move=> iJ; apply: le_trans (excess_ge k iJ).
by rewrite ler_pemull ?ler1n // ltW.
Qed.

(* The errors: B bounds the squared norms of the pulls of balanced sets. *)
Variables (B : R) (deg : nat).
Hypothesis pull_bound : forall k S, balanced S -> sq b (pull k S) <= B * k.+1%:R ^+ deg.
Definition error k := lam ^+ k * (4%:R / eta * B * k.+1%:R ^+ deg).
Definition error2 k := lam ^+ k * ((1 + eta^-1) * alpha ^+ 2 * B * k.+1%:R ^+ deg).
Lemma errors_small : ev (fun k => error k <= eta * c k /\ error2 k <= eta * c k).
Proof.
have ed : 0 < eta * d by rewrite mulr_gt0.
have each B' : ev (fun k => lam ^+ k * (B' * k.+1%:R ^+ deg) <= eta * c k).
  apply: ev_mono (lam_beats H B' deg ed) _ => k /le_trans; apply.
  by rewrite ler_pmul2l.
exact: ev_and (each _) (each _).
Qed.
Lemma pull_dot k i S : balanced S -> 2%:R * `|b (dev k i) (pull k S)| <= eta * y k i + error k.
Proof.
move=> bS; have e2 : 0 < eta / 2%:R by rewrite divr_gt0 ?ltr0n.
rewrite -(dot_dev H) normrM (ger0_norm (ltW (lamk_gt0 k))) mulrCA.
have -> : eta * y k i + error k =
  lam ^+ k * (eta * sq b (W k i) + 4%:R / eta * (B * k.+1%:R ^+ deg)).
  by rewrite /ClassScores.spread /error; move: (_ ^+ deg) (lam ^+ k) => u v; ring.
rewrite ler_pmul2l ?lamk_gt0 //; have := dot_amgm bC b_pd (W k i) (pull k S) e2.
rewrite -(ler_pmul2l (ltr0n R 2)) => le; apply: le_trans le _; rewrite mulrDr.
apply: ler_add; first by rewrite mulrA [2%:R * _]mulrC divfK // pnatr_eq0.
rewrite invf_div mulrA; have -> : 2%:R * (2%:R / eta) = 4%:R / eta by rewrite mulrA -natrM.
by rewrite ler_wpmul2l ?pull_bound // divr_ge0 ?ler0n.
Qed.
Lemma attends_moving k i l : i \in J -> l \in J -> l \in C k i ->
  excess k l <= (1 + eta) * y k i + error k.
Proof.
move=> iJ lJ lC; have := score_ge H iJ lC bVs; rewrite (score_J H) //.
have := pull_dot k i bVs; set p := b _ (pull k Vs) => Hp; rewrite -(dot_dev H k i (W k l)).
set t := b (W k i) (W k l) => le.
have Ht : 2%:R * (lam ^+ k * t) <= y k i + y k l.
  rewrite -subr_ge0; have -> : y k i + y k l - 2%:R * (lam ^+ k * t) =
      lam ^+ k * sq b (W k i - W k l).
    by rewrite /ClassScores.spread /t; move: (W k i) (W k l) => wi wl; rewrite (sqB bC); ring.
  by rewrite mulr_ge0 ?(ltW (lamk_gt0 k)) ?sq_ge0.
have Hp' : - (2%:R * p) <= eta * y k i + error k.
  apply: le_trans Hp; rewrite -mulrN ler_pmul2l ?ltr0n // -normrN; exact: ler_norm.
have H2 : 2%:R * (c k + p) <= 2%:R * (x k l + lam ^+ k * t) by rewrite ler_pmul2l ?ltr0n.
have := ler_add (ler_add H2 Ht) Hp'; rewrite -subr_ge0 => H3.
rewrite -subr_ge0; apply: le_trans H3 _; rewrite le_eqVlt; apply/orP; left; apply/eqP.
by rewrite /excess; ring.
Qed.
Lemma attends_known k i : i \in J -> known k i != set0 ->
  y k i <= excess k i + (eta * y k i + error k).
Proof.
move=> iJ ne; have [l lk] := set0Pn _ ne; have lC : l \in C k i by move: lk; rewrite inE => /andP[].
have iJK : i \in J :|: K by rewrite inE iJ.
have := score_max H iJ lC iJK; rewrite (score_known H iJ lC ne) (score_J H) //.
have bk := known_balanced H iJ ne; have cb := best_greatest best k bk.
have := pull_dot k i bk; set p := b _ (pull _ _) => Hp; rewrite -(dot_dev H k i (W k i)) => le.
have Hp' : 2%:R * p <= eta * y k i + error k.
  by apply: le_trans Hp; rewrite ler_pmul2l ?ltr0n //; apply: ler_norm.
have H2 : 2%:R * (x k i + lam ^+ k * b (W k i) (W k i)) <= 2%:R * (c k + p).
  by rewrite ler_pmul2l ?ltr0n //; apply: le_trans le _; rewrite ler_add2r.
have := ler_add H2 Hp'; rewrite -subr_ge0 => H3.
rewrite -subr_ge0; apply: le_trans H3 _; rewrite le_eqVlt; apply/orP; left; apply/eqP.
by rewrite /excess /ClassScores.spread /sq; ring.
Qed.

(* A step of a token that sees, besides itself, known tokens. *)
Definition share k i : R := (w i)%:R / ((w i)%:R + wt R w (known k i)).
Lemma tie_mean p k i : i \in J -> (forall l, l \in C k i -> l \in K \/ l = i) ->
  known k i != set0 -> lam <= p -> (i \in C k i -> lam * (1 + alpha * share k i) ^+ 2 <= p) ->
  exists u v, [/\ lam * u ^+ 2 <= p, v ^+ 2 <= alpha ^+ 2 &
    W k.+1 i = u *: W k i + v *: pull k (known k i)].
Proof.
move=> iJ only ne lp Qp; have [iC|iC] := boolP (i \in C k i); last first.
  have CK : C k i \subset K.
    by apply/subsetP => l lC; case: (only l lC) => // li; rewrite li (negbTE iC) in lC.
  exists 1, alpha; split=> //; first by rewrite expr1n mulr1.
  by rewrite (scaledS_known H CK) (known_all CK) scale1r.
have CE : C k i = i |: known k i.
  apply/setP => l; rewrite in_setU1 in_setI; apply/idP/orP => [lC|[/eqP->//|/andP[]//]].
  by case: (only l lC) => [lK|->]; [right; rewrite lC|left].
have ik : i \notin known k i by rewrite in_setI negb_and (class_JK H iJ) orbT.
have [l lk] := set0Pn _ ne; have wk := wt_gt0 R w_gt0 lk; have wi := wpos R w_gt0 i.
have wC : wt R w (C k i) = (w i)%:R + wt R w (known k i) by rewrite {1}/wt CE big_setU1.
have wC0 : (w i)%:R + wt R w (known k i) != 0 by rewrite gt_eqF // addr_gt0.
set th := share k i in Qp *; have th01 : 0 <= 1 - th <= 1.
  rewrite subr_ge0 /th /share ler_pdivr_mulr ?addr_gt0 // mul1r ler_addl (ltW wk) /=.
  by rewrite ger_addl oppr_le0 divr_ge0 // ltW // addr_gt0.
exists (1 + alpha * th), (alpha * (1 - th)); split; first exact: Qp.
  rewrite exprMn ler_pimulr ?sqr_ge0 //; case/andP: th01 => h0 h1; exact: exprn_ile1.
have mE : mean w (W k) (C k i) = th *: W k i + (1 - th) *: pull k (known k i).
  rewrite {1}/mean wC CE big_setU1 //= scalerDr scalerA mulrC -/(share k i) -/th; congr (_ + _).
  rewrite /ClassScores.pull /mean scalerA; congr (_ *: _).
  have -> : 1 - th = wt R w (known k i) / ((w i)%:R + wt R w (known k i)).
    by apply: (mulIf wC0); rewrite mulrBl mul1r !divfK // addrAC subrr add0r.
  by rewrite mulrAC mulfV ?gt_eqF // mul1r.
rewrite (scaledS H) mE scalerDr; move: (W k i) (pull k (known k i)) => wi' Ek.
by rewrite !scalerA addrA; congr (_ + _); rewrite scalerDl scale1r.
Qed.
Lemma young (u v : V) : sq b (u + v) <= (1 + eta) * sq b u + (1 + eta^-1) * sq b v.
Proof.
rewrite -subr_ge0; have -> : (1 + eta) * sq b u + (1 + eta^-1) * sq b v - sq b (u + v) =
    eta^-1 * sq b (eta *: u - v).
  by rewrite (sqD bC) (sqB bC) sqZ dotZl; field; rewrite gt_eqF.
by rewrite mulr_ge0 ?invr_ge0 ?sq_ge0.
Qed.
Lemma tie_step p k i : i \in J -> (forall l, l \in C k i -> l \in K \/ l = i) ->
  known k i != set0 -> lam <= p -> (i \in C k i -> lam * (1 + alpha * share k i) ^+ 2 <= p) ->
  y k.+1 i <= p * (1 + eta) * y k i + error2 k.
Proof.
move=> iJ only ne lp Qp; have [u [v [up v2 WE]]] := tie_mean iJ only ne lp Qp.
have bk := known_balanced H iJ ne.
have e1 : 0 <= 1 + eta by rewrite addr_ge0 ?ler01.
have e1' : 0 <= 1 + eta^-1 by rewrite addr_ge0 ?ler01 // invr_ge0.
have lk := ltW (lamk_gt0 k).
rewrite {1}/ClassScores.spread WE.
apply: le_trans (ler_wpmul2l (ltW (lamk_gt0 k.+1)) (young _ _)) _.
rewrite (sqZ _ u) (sqZ _ v) [leLHS]mulrDr; apply: ler_add.
  have -> : lam ^+ k.+1 * ((1 + eta) * (u ^+ 2 * sq b (W k i))) =
    (lam * u ^+ 2) * ((1 + eta) * y k i).
    by rewrite /ClassScores.spread exprS; ring.
  by rewrite -[leRHS]mulrA ler_wpmul2r // mulr_ge0 // mulr_ge0 ?sq_ge0.
rewrite /error2 exprSr -[leLHS]mulrA ler_wpmul2l //.
apply: le_trans (_ : (1 + eta^-1) * (v ^+ 2 * sq b (pull k (known k i))) <= _).
  by rewrite ler_pimull ?(ltW (lam_lt1 alpha_gt0)) // mulr_ge0 // mulr_ge0 ?sqr_ge0 ?sq_ge0.
rewrite -2![leRHS]mulrA ler_wpmul2l //; apply: ler_pmul; rewrite ?sqr_ge0 ?sq_ge0 //.
exact: pull_bound.
Qed.

Lemma not_forever i : i \in J -> ~ ev (fun k => C k i \subset K).
Proof.
move=> iJ onlyK; have [N HN] := attends_best H best iJ onlyK.
have grow t : x N i + t%:R * (alpha * d) <= x (N + t) i.
  elim: t => [|t IH]; first by rewrite addn0 mul0r addr0.
  have [CK bS tS] := HN (N + t)%N (leq_addr _ _).
  rewrite addnS (alongS H) mulrSr mulrDl mul1r addrA; apply: ler_add => //.
  rewrite ler_pmul2l // -dot_meanr.
  have := best_ties best bS; rewrite tS => /(_ (N + t)%N); rewrite /ClassScores.lift => ->.
  exact: positive.
have ac : 0 < alpha * d by rewrite mulr_gt0.
have [m Hm] := archi (- x N i) ac; have [_] := along_neg H (N + m) iJ.
apply/negP; rewrite -leNgt; apply: le_trans (grow m).
by rewrite -ler_subl_addl sub0r ltW.
Qed.

(* The descent. *)
Let step_known (a : R) : 1 <= a -> q * (1 + eta) * a + eta <= (1 + eta)^-1 * a.
Proof.
move=> a1; have e1 : 0 < 1 + eta by rewrite ltr_paddr ?ltr01.
rewrite -(ler_pmul2l e1) mulVKf ?gt_eqF // -subr_ge0.
have -> : a - (1 + eta) * (q * (1 + eta) * a + eta) =
    (eta + eta ^+ 2) * (a - 1) + eta * (13%:R + 30%:R * eta + 16%:R * eta ^+ 2) * a.
  by rewrite /q; ring.
have a0 : 0 <= a := le_trans ler01 a1.
have e2 : 0 <= eta ^+ 2 by rewrite exprn_ge0.
apply: addr_ge0; first by rewrite mulr_ge0 ?subr_ge0 ?(addr_ge0 e0).
have h1 : 0 <= 30%:R * eta by rewrite mulr_ge0 ?ler0n.
have h2 : 0 <= 16%:R * eta ^+ 2 by rewrite mulr_ge0 ?ler0n.
apply: mulr_ge0 => //; apply: mulr_ge0 => //; apply: addr_ge0 => //.
by apply: addr_ge0 => //; apply: ler0n.
Qed.
Let sg := (1 + 2%:R * eta) * ((1 + eta) * rho).
Let sg01 : 0 <= sg < 1.
Proof.
have p2 : 0 <= 1 + 2%:R * eta by rewrite addr_ge0 ?mulr_ge0 ?ler0n ?ler01.
have p1 : 0 <= 1 + eta by rewrite addr_ge0 ?ler01.
rewrite mulr_ge0 ?(mulr_ge0 p1 (ltW rho_gt0)) //= -subr_gt0.
have -> : 1 - sg = 5%:R * eta + 22%:R * eta ^+ 2 + 16%:R * eta ^+ 3 by rewrite /sg /rho; ring.
by rewrite !addr_gt0 ?mulr_gt0 ?exprn_gt0 ?ltr0n.
Qed.
Definition tops_shrink := ev (fun k => forall i, is_top k i -> y k.+1 i <= rho * excess k i).
Hypothesis shrinks : tops_shrink.
Hypothesis slow : ev (fun k => c k <= (1 + eta) * c k.+1).
Lemma descent : exists K0, forall k i a, (K0 <= k)%N -> is_top k i -> 2%:R <= a ->
  excess k i <= a * c k ->
  exists k' i', [/\ (k < k')%N, is_top k' i' & excess k' i' <= sg * a * c k'].
Proof.
have [K0 HK] := ev_and errors_small (ev_and shrinks slow); exists K0 => k i a kk top a2 le.
have [iJ _] := top; have p1 : 0 < 1 + eta by rewrite ltr_paddr ?ltr01.
pose r := (1 + eta) * (rho * a).
have r1 : 1 <= r.
  apply: le_trans (_ : rho * a <= _); last first.
    by rewrite ler_pemull ?ler_addl // mulr_ge0 ?(ltW rho_gt0) // (le_trans _ a2) ?ler0n.
  by apply: le_trans rho_half _; rewrite mulrC ler_pmul2l.
have y1 : y k.+1 i <= r * c k.+1.
  have [_ [/(_ i top) h1 h2]] := HK k kk; apply: le_trans h1 _.
  apply: le_trans (_ : rho * (a * c k) <= _); first by rewrite ler_pmul2l.
  have -> : r * c k.+1 = rho * (a * ((1 + eta) * c k.+1)) by rewrite /r; ring.
  by rewrite ler_pmul2l // ler_pmul2l // (lt_le_trans (ltr0n R 2)).
have ex : exists m, (k < m)%N && ~~ (C m i \subset K).
  have [//|no] := class_em H (exists m, (k < m)%N && ~~ (C m i \subset K)); case: (not_forever iJ).
  by exists k.+1 => m km; apply: contraT => nK; case: no; exists m; rewrite km nK.
case: (ex_minnP ex) => k' /andP[kk' nK] kmin.
have yk t : (k.+1 + t <= k')%N -> y (k.+1 + t) i <= r * c (k.+1 + t).
  elim: t => [|t IH]; first by rewrite addn0.
  rewrite addnS => tk; have {}IH := IH (ltnW tk); move: IH tk; set m := (k.+1 + t)%N => IH tk.
  have CK : C m i \subset K.
    apply: contraT => nKt; have /kmin : (k < m)%N && ~~ (C m i \subset K) by rewrite leq_addr nKt.
    by rewrite leqNgt tk.
  have ne : known m i != set0.
    by rewrite (known_all CK); have [l lC] := attn_ex b (Z m) i; apply/set0Pn; exists l.
  have noself : i \in C m i -> lam * (1 + alpha * share m i) ^+ 2 <= q.
    by move=> /(subsetP CK); rewrite (negbTE (class_JK H iJ)).
  have only l : l \in C m i -> l \in K \/ l = i by move=> lC; left; apply: (subsetP CK).
  apply: le_trans (tie_step iJ only ne lam_q noself) _.
  have [[_ e2] [_ sl]] := HK m (leq_trans kk (leq_trans (leqnSn k) (leq_addr _ _))).
  apply: le_trans (_ : (q * (1 + eta) * r + eta) * c m <= _).
    rewrite mulrDl; apply: ler_add => //; rewrite -[leRHS]mulrA ler_wpmul2l //.
    by rewrite mulr_ge0 // ltW.
  apply: le_trans (_ : (1 + eta)^-1 * r * c m <= _);
    first by rewrite ler_wpmul2r ?step_known // ltW.
  by rewrite mulrC mulrA mulrC ler_wpmul2l ?(le_trans ler01 r1) // ler_pdivr_mulr // mulrC.
have {}yk : y k' i <= r * c k' by rewrite -(subnKC kk'); apply: yk; rewrite subnKC.
have [l lC lK] := subsetPn nK; have lJ := sees_JK H iJ lC lK.
have [i' top'] := top_ex b w alpha Z0 k' iJ; exists k', i'; split=> //.
apply: le_trans (excess_top top' lJ) _; apply: le_trans (attends_moving iJ lJ lC) _.
have [[e1 _] _] := HK k' (leq_trans kk (ltnW kk')).
apply: le_trans (_ : (1 + eta) * (r * c k') + eta * (r * c k') <= _).
  apply: ler_add; first by rewrite ler_pmul2l.
  by apply: le_trans e1 _; rewrite ler_wpmul2l // ler_pemull // ltW.
by rewrite /sg /r le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.
Theorem no_positive i0 : i0 \in J -> False.
Proof.
move=> iJ; have [K0 HK] := descent; have [i1 top1] := top_ex b w alpha Z0 K0 iJ.
pose a0 := excess K0 i1 / c K0; have a02 : 2%:R <= a0.
  by rewrite ler_pdivl_mulr // excess_ge //; case: top1.
have iter m : exists k i, [/\ (K0 <= k)%N, is_top k i & excess k i <= sg ^+ m * a0 * c k].
  elim: m => [|m [k [i [kk tp le]]]].
    by exists K0, i1; rewrite expr0 mul1r divfK ?gt_eqF.
  have a2 : 2%:R <= sg ^+ m * a0.
    by rewrite -(ler_pmul2r (c_gt0 k)); apply: le_trans le; apply: excess_ge; case: tp.
  have [k' [i' [kk' tp' le']]] := HK k i _ kk tp a2 le; exists k', i'; split=> //.
    exact: leq_trans kk (ltnW kk').
  by rewrite exprS -!mulrA in le' *.
have a00 : 0 <= a0 := le_trans (ler0n R 2) a02.
have [m Hm] := small_scale a00 (expr_small sg01) ltr01.
have [k [i [_ [iJ' _] le]]] := iter m; have := le_trans (excess_ge k iJ') le.
rewrite ler_pmul2r // => le2; have := le_trans le2 (_ : _ <= 1).
by rewrite mulrC Hm // => /(_ isT); rewrite leNgt ltr1n.
Qed.
End Positive.
