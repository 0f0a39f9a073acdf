(******************************************************************************)
(* A configuration that passes `settles` has settled.                         *)
(*                                                                            *)
(*   settlesP   the pattern is constant for ever, with the closed form of     *)
(*              Equations.v                                                   *)
(******************************************************************************)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra ring zify ssrZ.
From Hardmax Require Import Theory ClosedForm Criterion.
From Hardmax Require Import Integers Program Rows Layers Families Positivity Equations.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Settled.
Variables (R : realFieldType) (K : integers) (n d : nat).
Local Notation I := 'I_n.
Local Notation V := 'rV[R]_d.
Local Notation vec := (seq K).
Local Notation "# a" := (val R a) (at level 8, format "# a").
Local Notation rowof := (rowof R d).
Local Notation norow := (norow K).
Variables (A : seq vec) (num den : K) (mult : vec).
Variables (b : form [lmodType R of V]) (e : R) (w : I -> nat) (alpha : R).
Hypothesis A_rows : all (fun r => (size r <= d)%N) A.
Hypothesis A_size : (size A <= d)%N.
Hypothesis e_gt0 : 0 < e.
Hypothesis bE : forall x y, b x y = e * dotM (matrixof R d A) x y.
Hypothesis wE : forall j : I, (w j)%:R = #(nth (zero K) mult j).
Hypothesis w_gt0 : forall j, (0 < w j)%N.
Hypothesis num_gt0 : 0 < #num.
Hypothesis den_gt0 : 0 < #den.
Hypothesis alphaE : alpha = #num / #den.
Variables (pat : pattern) (D T : nat) (L : K) (ls : seq vec) (q : K) (zs : seq vec) (Z : I -> V).
Hypothesis repZ : rep q zs Z.
Hypothesis L_gt0 : 0 < #L.
Hypothesis ok : settles n A num den mult pat D T L ls q zs.

Let l := weights_lcm n mult pat.
Let rs := read n mult l pat.
Let x0 := deviations L q zs ls.
Let B := ipow (imul den l) D.
Let ss := [seq scale (imul q B) s | s <- ls].
Let ds := devs num den mult D l rs x0.
Let xs := [seq [seq nth [::] x i | x <- ds] | i <- iota 0 n].
Local Notation s := (limit R d L ls).
Local Notation C := (attention pat).
Local Notation run := (run b w alpha).
Local Notation sol := (sol w alpha Z C s D).

Let rok : read_ok n mult l rs. Proof. by case/and5P: ok. Qed.
Let lok : isSome (layers n A num den mult T.+1 l rs q zs). Proof. by case/and5P: ok. Qed.
Let restok : rests mult l rs ls. Proof. by case/and5P: ok. Qed.
Let ls_size : size ls = n. Proof. by case/and5P: ok => _ _ _ /eqP. Qed.
Let endok : all (@is0 K) (iter D.+1 (next num mult rs) x0).
Proof. by case/and5P: ok => _ _ _ _ /andP[]. Qed.
Let leadsok i : (i < n)%N -> locked_at pat i || leads_ok n A num den T (binomials K (D + D).+1 T)
  (powers num den T) pat rs ss xs i.
Proof.
case/and5P: ok => _ _ _ _ /andP[_ /allP H] li; apply: H.
by rewrite mem_iota.
Qed.
Let zs_size : size zs = n.
Proof. by move: lok => /=; case: ifP => // /andP[/eqP]. Qed.
Let pat_size : size pat = n.
Proof. by have [<- _ _] := read_okP R rok; rewrite size_read. Qed.
Let rsE (i : I) : (nth norow rs i).1 = mask n (nth [::] pat i).
Proof. by rewrite nth_read ?pat_size. Qed.
Let setE (i : I) : setof n (nth norow rs i).1 = C i. Proof. by rewrite rsE setof_mask. Qed.

Lemma upto t i : (t <= T)%N -> attn b (run Z t) i = C i.
Proof.
case E: (layers _ _ _ _ _ _ _ _ _ _) lok => [[q' zs']|] // _ tT.
have [_ H] := layersP A_rows A_size e_gt0 bE wE num_gt0 den_gt0 alphaE repZ rok E.
by rewrite H // setE.
Qed.
Lemma limits_rest i : ClosedForm.means w C s i = s i.
Proof.
rewrite (mean_rows wE rok (k := (#L)^-1) (ys := ls)) //.
have /(all_nthP ([::], [::])) H := restok; have := H i.
rewrite size_zip ls_size (size_means R rok) minnn nth_zip ?(size_means R rok) //=.
move=> /(_ (ltn_ord i)).
move=> /(@is0E R K d); rewrite subE scaleE => /eqP; rewrite subr_eq0 => /eqP <-.
by rewrite scalerA mulfVK // gt_eqF //; case: (read_okP R rok).
Qed.

Lemma coef_ends i : coef w alpha Z C s D.+1 i = 0.
Proof.
rewrite (coefE wE den_gt0 alphaE repZ L_gt0 rok ls_size zs_size).
have : is0 (nth [::] (iter D.+1 (next num mult rs) x0) i).
  set ys := iter _ _ _; have [iy|yi] := ltnP i (size ys); last by rewrite nth_default.
  by apply: (all_nthP [::] endok).
by move/(@is0E R K d) ->; rewrite scaler0.
Qed.

Let kap := kappa R n den mult pat D L q.
Let leads_curve :=
  leadE A_rows A_size bE wE num_gt0 den_gt0 alphaE D repZ L_gt0 rok ls_size zs_size.
Lemma leads (i : I) : locked_row C i \/ exists2 j, j \in C i & forall t m, (T <= t)%N ->
  if m \in C i then lead b (sol t) i j m = 0 else 0 < lead b (sol t) i j m.
Proof.
case/orP: (leadsok (ltn_ord i)) => [/(locked_rowP R rok) H|H]; first by left.
right; move: H; rewrite /leads_ok; case Ei: (nth [::] pat i) => [|j c] // /and3P[_ jn].
rewrite [head _ _]/= in jn *.
have sm : size (nth norow rs i).1 = n by rewrite rsE size_map size_iota.
have s_s : size ss = n by apply: size_ss.
move/(all_nthP (false, ([::], [::]))); rewrite !size_zip sm s_s size_xs !minnn => H.
exists (Ordinal jn) => [|t m Tt]; first by rewrite inE Ei mem_head.
have := H m (ltn_ord m); rewrite !nth_zip ?size_zip ?sm ?s_s ?size_xs ?minnn // /pair_ok.
rewrite [(_, _).1]/= [(_, _).2]/= leads_curve.
have -> : nth false (nth norow rs i).1 m = (m \in C i) by rewrite -setE inE.
have c0 : 0 < e * kap ^+ 2 by rewrite mulr_gt0 ?exprn_gt0 // (kappa_gt0 den_gt0 D repZ L_gt0 rok).
case: ifP => _; last by move/(positiveP num_gt0 den_gt0)/(_ Tt) => p0; rewrite pmulr_rgt0.
case/and3P=> /(val_eq R) z0 z1 z2; rewrite /curve z0 val0 !scalars_is0 // !mulr0 !addr0.
by rewrite mulr0.
Qed.
Theorem settlesP t : (forall i, run Z t i = sol t i) /\ (forall i, attn b (run Z t) i = C i).
Proof.
apply: (criterion w_gt0 _ limits_rest coef_ends upto leads).
by rewrite alphaE divr_gt0.
Qed.
End Settled.
