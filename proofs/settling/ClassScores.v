(* One class of tokens: scores and balanced sets.

   balanced S       S is a nonempty set of known tokens whose limits have the mean s0
   pull k S         E_S(k), the mean of W_l(k) over l in S
   lift k S         c_S(k) = <s0, E_S(k)>: how far the mean of z_l over S lies beyond the face
   along k i        x_i(k) = <s0, W_i(k)>, negative for moving tokens
   spread k i       y_i(k) = lambda^k |W_i(k)|^2
   known k i        the known tokens in C_i(k)
   score k i l      f_il, with <z_i, z_l> = |s0|^2 + lambda^k (x_i + f_il)

   known_balanced   known k i is balanced unless it is empty
   lift_poly        c_S is a polynomial of k
   pull_growth      |E_S(k)| <= B (k+1)^q for all balanced S
   score_max        C_i(k) attains the greatest score
   score_ge         M_i >= c_S + <u_i, E_S> for balanced S, u_i = z_i - s_i
   score_known      equality for S = known k i
   score_ge0        M_i >= 0, as s0 is in the hull of the tokens
   along_neg        2 x_i + y_i <= 0 and x_i < 0
   alongS           x_i(k+1) = x_i(k) + alpha average of x_l(k) over C_i(k)
   is_top k i       i has the greatest norm in J
   top_known        it sees, besides itself, known tokens, and some                              *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From mathcomp Require Import reals.
From Hardmax Require Import Theory Converge Capture Reduction Polynomials Bounds ClassSetting.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Scores.
Variables (R : realType) (V : lmodType R) (I : finType) (b : form V) (w : I -> nat) (alpha : R).
Variables (Z0 s : I -> V) (s0 : V) (J K : {set I}).
Hypothesis H : one_class b w alpha Z0 s s0 J K.
Local Notation Z k := (run b w alpha Z0 k).
Local Notation C k i := (attn b (Z k) i).
Local Notation lam := (lam alpha).
Local Notation dev := (dev b w alpha Z0 s).
Local Notation W := (scaled b w alpha Z0 s).
Let w_gt0 := class_w H.
Let alpha_gt0 := class_alpha H.
Let bC := class_sym H.
Let b_pd := class_pd H.
Let J_s := class_J_s H.
Let J_sees := class_J_sees H.
Let lamk_gt0 := lamk_gt0 H.

Definition balanced (S : {set I}) := [&& S != set0, S \subset K & mean w s S == s0].
Definition pull k (S : {set I}) := mean w (W k) S.
Definition lift k S := b s0 (pull k S).
Definition along k i := b s0 (W k i).
Definition spread k i := lam ^+ k * sq b (W k i).
Definition known k i := C k i :&: K.
Definition score k i l := b s0 (W k l) + b (W k i) (s l - s0) + lam ^+ k * b (W k i) (W k l).

Lemma known_balanced k i : i \in J -> known k i != set0 -> balanced (known k i).
Proof.
move=> iJ ne; rewrite /balanced ne subsetIr /=.
have [h _] := class_balanced H i (leq0n k).
move: h; rewrite (J_s iJ) => h0; move: (mean_known H s (C k i)); rewrite h0 -/(known k i).
set m := mean w s (known k i) => /esym h.
have [j jC] : exists j, j \in C k i by apply: attn_ex.
have: mean w (fun l => (if l \in K then m else s l) - s0) (C k i) = 0.
  rewrite (meanB w) h [X in _ - X](@mean_const _ _ _ w w_gt0 s0 _ _ j jC) ?subrr //.
rewrite /mean => /eqP.
rewrite scaler_eq0 invr_eq0 gt_eqF ?(wt_gt0 R w_gt0 jC) //= (big_setID K) /=.
rewrite [X in _ + X]big1 ?addr0 => [|l]; last first.
  rewrite in_setD => /andP[lK lC]; rewrite (negbTE lK) J_s ?subrr ?scaler0 //.
  by have := subsetP (J_sees k iJ) l lC; rewrite inE (negbTE lK) orbF.
rewrite (eq_bigr (fun l => (w l)%:R *: (m - s0))) => [|l]; last by rewrite in_setI => /andP[_ ->].
rewrite -scaler_suml scaler_eq0 subr_eq0 => /orP[|//].
by case/set0Pn: ne => l lk; rewrite -/(wt R w (C k i :&: K)) gt_eqF // (wt_gt0 R w_gt0 lk).
Qed.

(* Polynomials. *)
Lemma pull_poly S : balanced S -> polynomial_in (fun k => pull k S).
Proof.
case/and3P=> _ SK _; apply: polynomial_mean => l lS.
exact: (class_K_poly H (subsetP SK l lS)).
Qed.
Lemma lift_poly S : balanced S -> polynomial_in (fun k => lift k S).
Proof. by move=> bS; apply: polynomial_dot; [apply: polynomial_const|apply: pull_poly]. Qed.
Lemma poly_nrm (u : nat -> V) : polynomial_in u ->
  exists B q, 0 <= B /\ forall k, nrm b (u k) <= B * k.+1%:R ^+ q.
Proof.
move=> pu; apply: sqr_bound => [k|]; first exact: nrm_ge0.
have [q [B HB]] := polynomial_growth (polynomial_dot b pu pu); exists B, q => k.
by rewrite (nrm2 H) HB.
Qed.
Lemma pull_growth : exists B q, 0 <= B /\ forall k S, balanced S ->
  nrm b (pull k S) <= B * k.+1%:R ^+ q.
Proof. by apply: common_bound => S /pull_poly/poly_nrm. Qed.
Lemma pull_sq_growth : exists B q, 0 <= B /\
  forall k S, balanced S -> sq b (pull k S) <= B * k.+1%:R ^+ q.
Proof.
have [B [q [B0 HB]]] := pull_growth; exists (B ^+ 2), (q * 2)%N; split=> [|k S bS].
  exact: sqr_ge0.
rewrite exprM -exprMn -(nrm2 H); apply: ler_expn2r; rewrite ?nnegrE ?nrm_ge0 ?HB //.
by rewrite mulr_ge0 ?exprn_ge0 ?ler0n.
Qed.

(* Scores. *)
Lemma scoreE k i l : i \in J -> l \in J :|: K ->
  b (Z k i) (Z k l) = sq b s0 + lam ^+ k * (along k i + score k i l).
Proof.
move=> iJ lJK; have sl : b s0 (s l) = sq b s0.
  by move: lJK; rewrite inE => /orP[/J_s->|/(class_K_s H)->].
rewrite !(limit_dev H) (J_s iJ) /score /along; move: (W k i) (W k l) => wi wl.
by rewrite !(dotDl, dotDr, dotBr, dotZl, dotZr, dotNr) sl (bC wi s0) /sq; ring.
Qed.
Lemma score_J k i l : l \in J -> score k i l = along k l + b (dev k i) (W k l).
Proof. by move=> lJ; rewrite /score (J_s lJ) subrr dot0r addr0 (dot_dev H). Qed.
Lemma score_balanced k i S : balanced S -> avg w (score k i) S = lift k S + b (dev k i) (pull k S).
Proof.
move=> /and3P[/set0Pn[j jS] SK /eqP ms]; rewrite -(dot_dev H).
have eqs : {in S, score k i =1 fun l => b (s0 + lam ^+ k *: W k i) (W k l)
    - (b (W k i) s0 - b (W k i) (s l))}.
  by move=> l lS; rewrite /score dotBr dotDl dotZl; ring.
rewrite (eq_avg _ eqs) !avgB (avg_const w_gt0 _ jS) -(dot_meanr b w _ (W k)).
by rewrite -(dot_meanr b w _ s) ms subrr subr0 dotDl dotZl.
Qed.
Lemma score_max k i l m : i \in J -> l \in C k i -> m \in J :|: K -> score k i m <= score k i l.
Proof.
move=> iJ lC mJK; have lJK := subsetP (J_sees k iJ) l lC.
have := attnP _ _ _ _ lC m; rewrite !scoreE //.
by rewrite ler_add2l ler_pmul2l ?lamk_gt0 // ler_add2l.
Qed.
Lemma score_ge k i l S : i \in J -> l \in C k i -> balanced S ->
  lift k S + b (dev k i) (pull k S) <= score k i l.
Proof.
move=> iJ lC bS; rewrite -score_balanced //; case/and3P: bS => /set0Pn[j jS] SK _.
by apply: (avg_le w_gt0 jS) => m mS; apply: score_max; rewrite // inE (subsetP SK) ?orbT.
Qed.
Lemma score_known k i l : i \in J -> l \in C k i -> known k i != set0 ->
  score k i l = lift k (known k i) + b (dev k i) (pull k (known k i)).
Proof.
move=> iJ lC ne; rewrite -score_balanced; last exact: known_balanced.
case/set0Pn: ne => j jk;
  rewrite (@eq_avg _ _ w _ (fun=> score k i l)) ?(avg_const w_gt0 _ jk) // => m.
rewrite inE => /andP[mC _]; apply/eqP; rewrite eq_le !score_max //; exact: (subsetP (J_sees k iJ)).
Qed.
Lemma score_ge0 k i l : i \in J -> l \in C k i -> 0 <= score k i l.
Proof.
move=> iJ lC; have := class_J_hull H iJ lC; rewrite (scoreE k iJ (subsetP (J_sees k iJ) l lC)).
rewrite (limit_dev H) (J_s iJ) dotDl dotZl (bC (W k i)) -/(along k i) -/(sq b s0).
by rewrite ler_add2l ler_pmul2l ?lamk_gt0 // ler_addl.
Qed.

(* Moving tokens. *)
Lemma spread_ge0 k i : 0 <= spread k i.
Proof. by rewrite mulr_ge0 ?sq_ge0 ?(ltW (lamk_gt0 k)). Qed.
Lemma norm_along k i : i \in J ->
  sq b (Z k i) = sq b s0 + lam ^+ k * (2%:R * along k i + spread k i).
Proof.
move=> iJ; rewrite (limit_dev H) (J_s iJ) /along /spread; move: (W k i) => wi.
by rewrite (sqD bC) sqZ dotZr; ring.
Qed.
Lemma along_neg k i : i \in J -> 2%:R * along k i + spread k i <= 0 /\ along k i < 0.
Proof.
move=> iJ; have y0 : 0 < spread k i.
  rewrite /spread mulr_gt0 ?lamk_gt0 //; apply: b_pd;
    apply: contra (class_J_moves H k iJ) => /eqP E.
  by rewrite (devE H) E scaler0.
have le0 : 2%:R * along k i + spread k i <= 0.
  have := class_J_norm H k iJ; rewrite norm_along // ger_addl.
  by rewrite pmulr_rle0 ?lamk_gt0.
split=> //; have : 2%:R * along k i < 0 by apply: lt_le_trans le0; rewrite ltr_addl.
by rewrite pmulr_rlt0 ?ltr0n.
Qed.
Lemma alongS k i : along k.+1 i = along k i + alpha * avg w (along k) (C k i).
Proof. by rewrite {1}/along (scaledS H) dotDr [X in _ + X]dotZr dot_meanr. Qed.
Lemma avg_along k i :
  avg w (along k) (C k i) = avg w (fun l =>
    if l \in K then lift k (known k i) else along k l) (C k i).
Proof. by rewrite (avg_known H) -/(known k i) -dot_meanr. Qed.
Lemma sees_JK k i l : i \in J -> l \in C k i -> l \notin K -> l \in J.
Proof. by move=> iJ lC lK; have := subsetP (J_sees k iJ) l lC; rewrite inE (negbTE lK) orbF. Qed.
Lemma scaledS_known k i : C k i \subset K -> W k.+1 i = W k i + alpha *: pull k (C k i).
Proof. by move=> CK; rewrite (scaledS H). Qed.
Lemma known_all k i : C k i \subset K -> known k i = C k i.
Proof. by move/setIidPl. Qed.
Lemma sees_balanced k i : i \in J -> C k i \subset K -> balanced (C k i).
Proof.
move=> iJ CK; rewrite -(known_all CK); apply: known_balanced => //; rewrite known_all //.
by have [j jC] := attn_ex b (Z k) i; apply/set0Pn; exists j.
Qed.

(* Tokens of greatest norm. *)
Definition is_top k i := i \in J /\ forall l, l \in J -> sq b (Z k l) <= sq b (Z k i).
Lemma top_ex k i0 : i0 \in J -> exists i, is_top k i.
Proof.
move=> iJ.
have [t tJ /= tmax] := @Order.TotalTheory.arg_maxP _ _ _ i0 (mem J) (fun l => sq b (Z k l)) iJ.
by exists t; split=> // l lJ; apply: tmax.
Qed.
Lemma top_known k i : is_top k i -> known k i != set0 /\ forall l, l \in C k i -> l \in K \/ l = i.
Proof.
move=> [iJ top]; have only l : l \in C k i -> l \in K \/ l = i.
  move=> lC; have := subsetP (J_sees k iJ) l lC; rewrite inE => /orP[lJ|->]; last by left.
  right; apply/eqP; apply: contraLR (top l lJ) => li; rewrite -ltNge.
  exact: (edge_lt bC b_pd (@class_inj _ _ _ _ _ _ _ _ _ _ _ H k) lC li).
split=> //; apply: contra (class_J_leads H k iJ) => /eqP none; apply/eqP/setP => l;
  rewrite [RHS]inE.
have sub m : m \in C k i -> m = i.
  move=> mC; case: (only m mC) => // mK; have : m \in known k i by rewrite inE mC.
  by rewrite none inE.
apply/idP/eqP => [/sub//|->]; have [m mC] := attn_ex b (Z k) i.
by rewrite -{1}(sub m mC).
Qed.
End Scores.
