(******************************************************************************)
(* The checker is complete: under (H) a rational configuration settles at     *)
(* layer k iff the checker accepts a certificate of it with k layers.         *)
(*                                                                            *)
(*   write C            a family of sets as a pattern                         *)
(*   fraction_rows      rational rows over one denominator                    *)
(*   well_formed n pb   n tokens of the stated dimension, positive            *)
(*                      denominators, step and multiplicities                 *)
(*                                                                            *)
(*   settled_at         from layer k on the pattern is the same, and another  *)
(*                      one at layer k-1, if k > 0                            *)
(*   has_certificate    `check` accepts a certificate that states the problem *)
(*                      and k layers of history                               *)
(*                                                                            *)
(*   settles_complete   if the pattern stands, `settles` passes at all large  *)
(*                      `start`                                               *)
(*   certificate_complete certificate_iff   the theorem: settled_at implies   *)
(*                      has_certificate, and they are equivalent              *)
(******************************************************************************)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra ring zify ssrZ.
From Hardmax Require Import Theory Converge ClosedForm Criterion.
From Hardmax Require Import Integers Program Rows Layers Families Positivity Equations Sound.
From Hardmax Require Import InTheEnd Pattern OneBase Complete PassesLayers PassesPositivity.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Settles.
Variables (R : archiFieldType) (K : integers) (n d : nat).
Local Notation I := 'I_n.
Local Notation V := 'rV[R]_d.
Local Notation vec := (seq K).
Local Notation "# a" := (val R a) (at level 8, format "# a").
Local Notation rowof := (rowof R d).
Local Notation norow := (norow K).
Variables (A : seq vec) (num den : K) (mult : vec).
Variables (b : form [lmodType R of V]) (e : R) (w : I -> nat) (alpha : R).
Hypothesis K_exact : exact K.
Hypothesis A_rows : all (fun r => (size r <= d)%N) A.
Hypothesis A_size : (size A <= d)%N.
Hypothesis e_gt0 : 0 < e.
Hypothesis bE : forall x y, b x y = e * dotM (matrixof R d A) x y.
Hypothesis wE : forall j : I, (w j)%:R = #(nth (zero K) mult j).
Hypothesis w_gt0 : forall j, (0 < w j)%N.
Hypothesis num_gt0 : 0 < #num.
Hypothesis den_gt0 : 0 < #den.
Hypothesis alphaE : alpha = #num / #den.
Variables (pat : pattern) (L : K) (ls : seq vec) (q : K) (zs : seq vec) (Z : I -> V).
Hypothesis repZ : rep q zs Z.
Hypothesis L_gt0 : 0 < #L.
Hypotheses (zs_size : size zs = n) (zs_fits : fits d zs).
Hypotheses (ls_size : size ls = n) (ls_fits : fits d ls).
Local Notation s := (limit R d L ls).
Local Notation C := (@attention n pat).
Local Notation D := n.
Hypotheses (Cstands : stands b w alpha Z C) (Cstates : states pat C).
Hypothesis within : forall i, all (fun j => (j < n)%N) (nth [::] pat i).
Variable P : I -> nat -> V.
Hypothesis ones : one_base (lam alpha) (run b w alpha Z) s P.
Hypothesis degrees : forall i, degree_lt (rank b Z i) (P i).
Local Notation l := (weights_lcm n mult pat).
Local Notation rs := (read n mult l pat).
Local Notation sol := (sol w alpha Z C s D).
Let x0 := deviations L q zs ls.
Let B := ipow (imul den l) D.
Let ss := [seq scale (imul q B) s | s <- ls].
Let ds := devs num den mult D l rs x0.
Let xs := [seq [seq nth [::] x i | x <- ds] | i <- iota 0 n].
Let alpha_gt0 : 0 < alpha. Proof. by rewrite alphaE divr_gt0. Qed.
Let rok : read_ok n mult l rs := read_complete K_exact wE w_gt0 Cstates.
Let l_gt0 : 0 < #l. Proof. by have [] := read_okP R rok. Qed.
Let rs_size : size rs = n. Proof. by have [] := read_okP R rok. Qed.
Let nD : (#|I| <= D.+1)%N. Proof. by rewrite card_ord. Qed.

Lemma fits_means ys : fits d ys -> fits d (means mult rs ys).
Proof.
by move=> H; rewrite /fits all_map; elim: rs => //= r t ->; rewrite size_scale fits_vsum.
Qed.
Lemma layers_stand T : isSome (layers n A num den mult T.+1 l rs q zs).
Proof.
have [|q' [zs' [-> _ _ _]]] // := layers_complete K_exact A_rows A_size e_gt0 bE wE w_gt0 num_gt0
  den_gt0 alphaE Cstates repZ zs_size zs_fits (m := T.+1).
Qed.
Lemma rests_complete : Program.rests mult l rs ls.
Proof.
apply/(all_nthP ([::], [::])) => i; rewrite size_zip ls_size (size_means R rok) minnn => lin.
rewrite nth_zip ?(size_means R rok) //=; apply: (is0_row (R := R) (d := d)).
  rewrite size_padd !size_scale geq_max fits_nth //=.
  by rewrite (nth_means R rok ls (Ordinal lin)) size_scale fits_vsum.
have := ones_rest alpha_gt0 Cstands ones (Ordinal lin).
rewrite -/(ClosedForm.means _ _ _ _) (mean_rows wE rok (k := (#L)^-1) (ys := ls)) //= => E.
rewrite subE scaleE; apply/eqP; rewrite subr_eq0; apply/eqP.
apply: (scalerI (_ : (#L)^-1 / #l != 0)); first by rewrite mulf_neq0 ?invr_eq0 ?gt_eqF.
by rewrite [RHS]E scalerA mulfVK ?gt_eqF.
Qed.
Lemma iter_fits m : fits d (iter m (next num mult rs) x0) /\
  size (iter m (next num mult rs) x0) = n.
Proof.
elim: m => [|m [IH _]]; last first.
  rewrite iterS /next size_map (size_means R rok); split=> //.
  have := fits_means IH; rewrite /fits all_map; apply: sub_all => r /=; by rewrite size_scale.
rewrite /= /x0 /deviations size_map size_zip zs_size ls_size minnn; split=> //.
apply/(all_nthP [::]) => i; rewrite size_map => iz; rewrite (nth_map ([::], [::])) //.
rewrite size_padd !size_scale nth_zip ?zs_size ?ls_size //= geq_max; apply/andP.
by split; apply: fits_nth.
Qed.
Lemma end_complete : all (@is0 K) (iter D.+1 (next num mult rs) x0).
Proof.
have [fit sz] := iter_fits D.+1; apply/(all_nthP [::]) => i; rewrite sz => lin.
apply: (is0_row (R := R) (fits_nth _ fit)).
have := coef_vanishes alpha_gt0 Cstands ones degrees (Ordinal lin) (leqW nD).
rewrite (coefE wE den_gt0 alphaE repZ L_gt0 rok ls_size zs_size) => /eqP.
rewrite scaler_eq0 => /orP[|/eqP //]; rewrite gt_eqF // divr_gt0 //.
  by rewrite invr_gt0 mulr_gt0 //; case: repZ.
by apply/exprn_gt0/(unit_gt0 den_gt0 rok).
Qed.
Let ss_size : size ss = n. Proof. by rewrite size_map ls_size. Qed.
Let xs_size : size xs = n. Proof. by rewrite size_map size_iota. Qed.
Let row_size (i : I) : size (nth [::] xs i) = D.+1.
Proof. by rewrite (nth_map 0%N) ?size_iota // size_map size_devs. Qed.
Let bins T := binomials K (D + D).+1 T.
Let pows T := powers num den T.
Lemma pair_complete (i j m : I) : j \in C i -> ev (fun T => pair_ok num den T (bins T) (pows T)
  (image A (nth [::] ss i)) [seq image A x | x <- nth [::] xs i] (nth [::] ss j) (nth [::] xs j)
  (m \in C i, (nth [::] ss m, nth [::] xs m))).
Proof.
move=> jC; rewrite /pair_ok [(_, _).1]/= [(_, _).2]/= [(_, _).1]/= [(_, _).2]/=.
set hs := image A _; set hx := [seq image A x | x <- _]; set d0 := sub _ _.
set dx := [seq sub r.1 r.2 | r <- _]; set g1 := padd _ _.
have kap := kappa_gt0 den_gt0 D repZ L_gt0 rok.
have curveE t : lead b (run b w alpha Z t) i j m =
    e * kappa R n den mult pat D L q ^+ 2 * curve R num den (zdot hs d0) g1 (product hx dx) t.
  rewrite -(leadE A_rows A_size bE wE num_gt0 den_gt0 alphaE D repZ L_gt0 rok ls_size zs_size).
  by rewrite /lead !(sol_run alpha_gt0 Cstands ones degrees nD).
have c0 : 0 < e * kappa R n den mult pat D L q ^+ 2 by rewrite mulr_gt0 ?exprn_gt0.
have dx_size : size dx = D.+1 by rewrite size_map size_zip !row_size minnn.
have hx_size : size hx = D.+1 by rewrite size_map row_size.
case mC: (m \in C i).
  exists 0%N => T _; apply: (zero_complete num_gt0 den_gt0) => t; apply: (mulfI (lt0r_neq0 c0)).
  rewrite -curveE mulr0 /lead dotBr; apply/eqP; rewrite subr_eq0; apply/eqP/esym.
  by apply: attn_eq; rewrite Cstands.
apply: (positive_complete num_gt0 den_gt0) => [||t].
- rewrite size_padd (size_map _ dx) (size_map _ hx) dx_size hx_size maxnn ltnS.
  by apply/leqW/leq_addr.
- by apply: leq_trans (size_product _ _) _; rewrite dx_size hx_size addSn addnS.
rewrite -(pmulr_rgt0 _ c0) -curveE /lead dotBr subr_gt0.
by apply: attn_notin; rewrite Cstands ?mC.
Qed.
Lemma leads_complete : ev (fun T => forall i, (i < n)%N ->
  locked_at pat i || leads_ok n A num den T (bins T) (pows T) pat rs ss xs i).
Proof.
have [sp Cp Cn] := Cstates.
have /fin_all_exists[j Hj] : forall i : I, exists j : I,
    nth [::] pat i = (j : nat) :: behead (nth [::] pat i) /\ j \in C i.
  move=> i; have [j] := Cn i; rewrite inE; have := allP (within i).
  case Ei: (nth [::] pat i) => [|h c] //= H _; have hn := H h (mem_head _ _).
  by exists (Ordinal hn); rewrite inE Ei mem_head.
have [N HN] := ev_all (fun i => ev_all (fun m => pair_complete m (Hj i).2)).
exists N => T /HN H i lin; apply/orP; right; have [Ei _] := Hj (Ordinal lin).
rewrite /leads_ok; have -> : nth [::] pat i = (j (Ordinal lin) : nat) :: behead (nth [::] pat i).
  exact: Ei.
rewrite [head _ _]/= ltn_ord /=.
have mE : (nth ([::], zero K) rs i).1 = mask n (nth [::] pat i) by rewrite nth_read ?sp.
have sm : size (nth ([::], zero K) rs i).1 = n by rewrite mE size_map size_iota.
apply/(all_nthP (false, ([::], [::]))) => m; rewrite !size_zip sm ss_size xs_size !minnn => lm.
rewrite !nth_zip ?size_zip ?sm ?ss_size ?xs_size ?minnn //.
have := H (Ordinal lin) (Ordinal lm); congr (pair_ok _ _ _ _ _ _ _ _ _ (_, _)).
by rewrite mE inE /= (nth_map 0%N) ?size_iota // nth_iota.
Qed.
Theorem settles_complete :
  ev (fun T => settles n A num den mult pat D T L ls q zs).
Proof.
have [N HN] := leads_complete; exists N => T /HN H; apply/and5P; split.
- exact: rok.
- exact: layers_stand.
- exact: rests_complete.
- by rewrite ls_size.
apply/andP; split; first exact: end_complete.
by apply/allP => i; rewrite mem_iota => /H.
Qed.
End Settles.

(* Rational rows over one denominator. *)
Local Notation rationals := [archiFieldType of rat].
Lemma common_denominator (T : finType) (x : T -> rat) :
  exists (q : int) (a : T -> int), 0 < q /\ forall t, x t = (a t)%:~R / q%:~R.
Proof.
pose q := \prod_t denq (x t); have q0 : 0 < q by apply: prodr_gt0 => t _; apply: denq_gt0.
exists q; suff /fin_all_exists[a Ha] : forall t, exists a : int, x t = a%:~R / q%:~R by exists a.
move=> t; exists (numq (x t) * \prod_(u | u != t) denq (x u)).
have qE : q = denq (x t) * \prod_(u | u != t) denq (x u) by rewrite /q (bigD1 t).
apply: (mulIf (_ : (q%:~R : rat) != 0)); first by rewrite intr_eq0 gt_eqF.
rewrite mulfVK ?intr_eq0 ?gt_eqF // {1}qE !intrM mulrA; congr (_ * _).
by rewrite numqE.
Qed.
Lemma fraction_rows n d (s : 'I_n -> 'rV[rat]_d) : exists (L : Z) (ls : seq (seq Z)),
  [/\ Z.ltb Z0 L, size ls = n, all (fun r => (size r <= d)%N) ls &
      forall i, s i = place rationals d L ls i].
Proof.
have [q [a [q0 sE]]] := common_denominator (fun p : 'I_n * 'I_d => s p.1 0 p.2).
exists (Z_of_int q), [seq [seq Z_of_int (a (i, j)) | j <- enum 'I_d] | i <- enum 'I_n].
have val_int z : zr rationals (Z_of_int z) = z%:~R by rewrite /zr Z_of_intK.
split=> [|||i]; first by rewrite (zr_lt rationals) val_int ltr0z.
- by rewrite size_map size_enum_ord.
- by rewrite all_map; apply/allP => i _ /=; rewrite size_map size_enum_ord.
apply/rowP => j; rewrite mxE (nth_map i) ?size_enum_ord // nth_ord_enum.
by rewrite (nth_map j) ?size_enum_ord // nth_ord_enum !val_int -(sE (i, j)).
Qed.

(* Sets as a pattern. *)
Definition write n (C : 'I_n -> {set 'I_n}) : pattern :=
  [seq [seq nat_of_ord j | j <- enum (C i)] | i <- enum 'I_n].
Lemma nth_write n (C : 'I_n -> {set 'I_n}) (i : 'I_n) :
  nth [::] (write C) i = [seq nat_of_ord j | j <- enum (C i)].
Proof. by rewrite (nth_map i) ?size_enum_ord // nth_ord_enum. Qed.
Lemma attention_write n (C : 'I_n -> {set 'I_n}) i : attention (write C) i = C i.
Proof.
by apply/setP => j; rewrite inE nth_write mem_map ?mem_enum //; apply: ord_inj.
Qed.
Lemma write_within n (C : 'I_n -> {set 'I_n}) i :
  all (fun j => (j < n)%N) (nth [::] (write C) i).
Proof.
have [lin|nli] := ltnP i n; last by rewrite nth_default // size_map size_enum_ord.
by rewrite (nth_write C (Ordinal lin)) all_map; apply/allP => j _ /=.
Qed.
Lemma patterns_ones pats : patterns [seq (1%N, p) | p <- pats] = pats.
Proof. by rewrite /patterns -map_comp; elim: pats => //= p pats ->. Qed.

Lemma changes_write n (F : nat -> 'I_n -> {set 'I_n}) k :
  (k = 0%N \/ exists i, F k.-1 i != F k i) ->
  if [seq write (F t) | t <- iota 0 k] is p :: ps then changes n (last p ps) (write (F k))
  else true.
Proof.
case: k => [|k] // [//|[i ne]]; rewrite /= (last_map (fun t => write (F t)) _ 0%N).
rewrite (last_nth 0%N) size_iota.
rewrite -[0%N :: _]/(iota 0 k.+1) nth_iota // add0n.
have differ : mask n (nth [::] (write (F k)) i) != mask n (nth [::] (write (F k.+1)) i).
  apply: contra ne => /eqP E; rewrite /= -[F k i]attention_write -[F k.+1 i]attention_write.
  by rewrite /attention -!setof_mask E.
apply/hasP; exists (i : nat); first by rewrite mem_iota /= ltn_ord.
apply/andP; split; last exact: differ.
by apply: contra differ => /eqP E; rewrite E.
Qed.

Definition well_formed n (pb : problem) : bool :=
  [&& size (tokens pb) == n, all (fun x => size x <= dimension pb)%N (tokens pb),
      all (fun x => size x <= dimension pb)%N (matrix pb), (size (matrix pb) <= dimension pb)%N,
      size (multiplicities pb) == n, all (Z.ltb Z0) (multiplicities pb) &
      all (Z.ltb Z0) [:: token_den pb; matrix_den pb; alpha_num pb; alpha_den pb]].

Section Complete.
Variables (K : integers) (n : nat) (pb : problem) (k : nat).
Hypotheses (K_exact : exact K) (pb_ok : well_formed n pb).
Local Notation b := (form_of rationals pb).
Local Notation run := (run_of rationals pb (n := n)).
Local Notation attn t := (attn b (run t)).
Hypotheses (bC : symmetric_form b) (b_pd : posdef b).
Hypothesis distinct : injective (start_of rationals pb (n := n)).
Definition settled_at := (forall t i, attn (k + t)%N i = attn k i) /\
  (k = 0%N \/ exists i, attn k.-1 i != attn k i).
Definition has_certificate :=
  exists c, [/\ stated c = pb, size (patterns (history c)) = k & check K n c = true].
Theorem certificate_complete : settled_at -> has_certificate.
Proof.
case=> stand least.
case/and5P: pb_ok => /eqP st tok_fits sA sA' /and3P[/eqP sm wpos /and5P[td md an ad _]].
pose rows := map (map (ofZ K)).
pose A := rows (matrix pb); pose num := ofZ K (alpha_num pb); pose den := ofZ K (alpha_den pb).
pose mult := map (ofZ K) (multiplicities pb).
have pos z : Z.ltb BinNums.Z0 z -> 0 < zr rationals z by rewrite (zr_lt rationals).
have A_rows : all (fun r => (size r <= dimension pb)%N) A.
  by rewrite all_map; apply: sub_all sA => r /=; rewrite size_map.
have A_size : (size A <= dimension pb)%N by rewrite size_map.
pose e := (zr rationals (matrix_den pb))^-1; have e_gt0 : 0 < e by rewrite invr_gt0 pos.
have bE x y : b x y = e * dotM (matrixof rationals (dimension pb) A) x y.
  have -> : b x y = dotM (e *: matrixof rationals (dimension pb) A) x y.
    congr dotM; apply/matrixP => i j; rewrite !mxE nth_rows mulrC //.
  by rewrite /dotM -scalemxAr -scalemxAl mxE.
have w0 (j : 'I_n) : 0 < zr rationals (nth Z.one (multiplicities pb) j).
  by apply/pos/(all_nthP Z.one wpos); rewrite sm.
have wE (j : 'I_n) : (@weight_of pb n j)%:R = val rationals (nth (zero K) mult j).
  rewrite (nth_map Z.one) ?sm // val_ofZ -zr_nat /weight_of Z2Nat.id //.
  by apply: Z.lt_le_incl; apply/Z.ltb_lt; rewrite (zr_lt rationals) w0.
have w_gt0 (j : 'I_n) : (0 < @weight_of pb n j)%N.
  by rewrite -(ltr_nat rationals) wE (nth_map Z.one) ?sm // val_ofZ w0.
have num_gt0 : 0 < val rationals num by rewrite val_ofZ pos.
have den_gt0 : 0 < val rationals den by rewrite val_ofZ pos.
have alphaE : alpha_of rationals pb = val rationals num / val rationals den by rewrite !val_ofZ.
have alpha_gt0 : 0 < alpha_of rationals pb by rewrite alphaE divr_gt0.
have rep0 : rep (ofZ K (token_den pb)) (rows (tokens pb)) (@start_of rationals pb n).
  split=> [|i]; first by rewrite val_ofZ pos.
  by apply/rowP => j; rewrite !mxE nth_rows val_ofZ mulrC.
have states_write t : states (write (attn t)) (attn t).
  split=> [|i|i]; [by rewrite size_map size_enum_ord|exact: attention_write|exact: attn_ex].
pose pats := [seq write (attn t) | t <- iota 0 k].
have [||t tk|q [zs [PE rk zs_size zs_fits]]] := past_complete K_exact A_rows A_size e_gt0 bE wE
  w_gt0 num_gt0 den_gt0 alphaE (pats := pats) rep0.
- by rewrite size_map.
- by rewrite /fits all_map; apply: sub_all tok_fits => x /=; rewrite size_map.
- move: tk; rewrite size_map size_iota => tk.
  by rewrite (nth_map 0%N) ?size_iota // nth_iota //; apply: states_write.
rewrite size_map size_iota in rk; pose Z := run k; pose pat := write (attn k).
have stands_k : stands b (@weight_of pb n) (alpha_of rationals pb) Z (attention pat).
  by move=> t i; rewrite run_plus attention_write; apply: stand.
have states_k : states pat (@attention n pat).
  have [sz _ ne] := states_write k; split=> [|//|i]; first exact: sz.
  by have [j jC] := ne i; exists j; rewrite attention_write.
have Z_inj : injective Z by apply: run_inj.
have [s [P [ones degrees]]] := ones_exist w_gt0 alpha_gt0 bC b_pd Z_inj stands_k.
have [L [ls [L0 ls_size ls_fits sE]]] := fraction_rows s.
have L_gt0 : 0 < val rationals (ofZ K L) by rewrite val_ofZ pos.
have sE' i : s i = limit rationals (dimension pb) (ofZ K L) (rows ls) i.
  by rewrite sE /limit; apply/rowP => j; rewrite !mxE nth_rows val_ofZ mulrC.
have ones' : one_base (lam (alpha_of rationals pb))
    (Layer.run b (@weight_of pb n) (alpha_of rationals pb) Z)
    (limit rationals (dimension pb) (ofZ K L) (rows ls)) P.
  by split=> [|t i]; [exact: ones.1|rewrite -sE' -ones.2].
have [||N HN] := settles_complete K_exact A_rows A_size e_gt0 bE wE w_gt0 num_gt0 den_gt0 alphaE
  rk L_gt0 zs_size zs_fits _ _ stands_k states_k (write_within _) ones' degrees.
- by rewrite size_map.
- by rewrite /fits all_map; apply: sub_all ls_fits => x /=; rewrite size_map.
exists (Certificate pb [seq (1%N, p) | p <- pats] pat L ls n N).
split=> //=; first by rewrite patterns_ones size_map size_iota.
apply/and3P; split.
- rewrite /shape_ok /= st eqxx sA sA' sm eqxx wpos /=.
  by rewrite td md an ad L0.
- by rewrite patterns_ones; apply: changes_write.
by rewrite PE; apply: HN.
Qed.
Theorem certificate_iff : has_certificate <-> settled_at.
Proof.
split=> [[c [cE kE ok]]|]; last exact: certificate_complete.
have := certificate_sound ok rationals; cbv zeta; rewrite cE kE => -[_ Hk least _ _].
have H0 i : attn k i = sets (final c) i by rewrite -(Hk 0%N) addn0.
split=> [t i|]; first by rewrite H0 Hk.
by case: least => [|[i ne]]; [left|right; exists i; rewrite H0].
Qed.
End Complete.
