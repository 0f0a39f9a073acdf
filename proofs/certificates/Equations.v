(******************************************************************************)
(* The program's integers are those of the closed form, whether its tests     *)
(* hold or not.                                                               *)
(*                                                                            *)
(*   limit i        row i of the stated limits, over their denominator        *)
(*   attention i    the stated set of i                                       *)
(*   mean_rows      means over the stated sets                                *)
(*   coefE          the program's coefficients are those of the closed form   *)
(*   solE           the closed form over one denominator                      *)
(*   leadE          leads as curves g0 + lam^t g1(t) + lam^2t g2(t)           *)
(******************************************************************************)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra ring zify ssrZ.
From Hardmax Require Import Theory ClosedForm Criterion.
From Hardmax Require Import Integers Program Rows Layers Families Positivity.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Lemma lead_algebra (R : realFieldType) (V : lmodType R) (f : form V) k y si sj sm vi vj vm :
  f (k *: (si + y *: vi)) (k *: (sj + y *: vj) - k *: (sm + y *: vm)) =
  k ^+ 2 * (f si (sj - sm) + y * (f si (vj - vm) + f vi (sj - sm)) + y ^+ 2 * f vi (vj - vm)).
Proof. by rewrite !(dotZl, dotDl, dotBr, dotDr, dotZr); ring. Qed.

Section Equations.
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
Hypothesis num_gt0 : 0 < #num.
Hypothesis den_gt0 : 0 < #den.
Hypothesis alphaE : alpha = #num / #den.
Variables (pat : pattern) (D : nat) (L : K) (ls : seq vec) (q : K) (zs : seq vec) (Z : I -> V).
Hypothesis repZ : rep q zs Z.
Hypothesis L_gt0 : 0 < #L.
Hypothesis rok : read_ok n mult (weights_lcm n mult pat) (read n mult (weights_lcm n mult pat) pat).
Hypotheses (ls_size : size ls = n) (zs_size : size zs = n).

Let l := weights_lcm n mult pat.
Let rs := read n mult l pat.
Let x0 := deviations L q zs ls.
Let B := ipow (imul den l) D.
Let ss := [seq scale (imul q B) s | s <- ls].
Let ds := devs num den mult D l rs x0.
Let xs := [seq [seq nth [::] x i | x <- ds] | i <- iota 0 n].
Definition limit (i : I) : V := (#L)^-1 *: rowof (nth [::] ls i).
Definition attention (i : I) : {set I} := [set j : I | (j : nat) \in nth [::] pat i].
Local Notation s := limit.
Local Notation C := attention.
Local Notation sol := (sol w alpha Z C s D).

Let q_gt0 : 0 < #q. Proof. by case: repZ. Qed.
Let rs_size : size rs = n. Proof. by have [] := read_okP R rok. Qed.
Let l_gt0 : 0 < #l. Proof. by have [] := read_okP R rok. Qed.
Let pat_size : size pat = n. Proof. by rewrite -rs_size size_read. Qed.
Let rsE (i : I) : (nth norow rs i).1 = mask n (nth [::] pat i).
Proof. by rewrite nth_read ?pat_size. Qed.
Let setE (i : I) : setof n (nth norow rs i).1 = C i. Proof. by rewrite rsE setof_mask. Qed.

Lemma nth_means ys (i : I) : nth [::] (means mult rs ys) i =
  scale (nth norow rs i).2 (vsum mult ys (nth norow rs i).1).
Proof. by rewrite (nth_map norow) // rs_size. Qed.
Lemma size_means ys : size (means mult rs ys) = n.
Proof. by rewrite size_map; apply: rs_size. Qed.
Lemma nth_next ys (i : I) :
  nth [::] (next num mult rs ys) i = scale num (nth [::] (means mult rs ys) i).
Proof. by rewrite (nth_map [::]) ?size_means. Qed.
Lemma mean_rows k (ys : seq vec) (Y : I -> V) i : (forall i, Y i = k *: rowof (nth [::] ys i)) ->
  ClosedForm.means w C Y i = (k / #l) *: rowof (nth [::] (means mult rs ys) i).
Proof.
move=> Yr; have [_ _ /(_ i)[s1 w0 cw]] := read_okP R rok.
rewrite /ClosedForm.means -setE (meanE wE Yr s1 w0 cw l_gt0) nth_means scaleE scalerA.
by congr (_ *: _); rewrite mulrA mulrAC.
Qed.
Definition kappa0 : R := (#q * #L)^-1.
Definition unit_ : R := #den * #l.
Lemma unit_gt0 : 0 < unit_. Proof. exact: mulr_gt0. Qed.
Lemma coefE j i : coef w alpha Z C s j i =
  (kappa0 / unit_ ^+ j) *: rowof (nth [::] (iter j (next num mult rs) x0) i).
Proof.
elim: j i => [|j IH] i.
  rewrite expr0 divr1 [coef _ _ _ _ _ _ _]/= [iter _ _ _]/= /x0 /deviations.
  rewrite (nth_map ([::], [::])) ?size_zip ?ls_size ?zs_size ?minnn //.
  rewrite nth_zip ?ls_size ?zs_size //= subE !scaleE scalerBr !scalerA /kappa0 /limit.
  have [_ ->] := repZ; congr (_ *: _ - _ *: _); field; by rewrite !gt_eqF.
rewrite [coef _ _ _ _ _ _ _]/= (mean_rows _ IH) iterS nth_next scaleE !scalerA; congr (_ *: _).
rewrite alphaE exprS /unit_; have u0 := unit_gt0.
have := exprn_gt0 j u0; rewrite /unit_; move: (_ ^+ j) => p p0.
by field; rewrite !gt_eqF.
Qed.
Lemma nth_devs D' ys j i : (j <= D')%N ->
  rowof (nth [::] (nth [::] (devs num den mult D' l rs ys) j) i) =
  unit_ ^+ (D' - j) *: rowof (nth [::] (iter j (next num mult rs) ys) i).
Proof.
elim: D' ys j => [|D' IH] ys [|j] //= jD; first by rewrite expr0 scale1r.
  have [iy|yi] := ltnP i (size ys); last by rewrite !nth_default ?size_map // rowof0 scaler0.
  by rewrite (nth_map [::]) // scaleE valM valM val_pow valM exprS.
by rewrite IH // subSS -iterSr.
Qed.
Lemma size_devs D' ys : size (devs num den mult D' l rs ys) = D'.+1.
Proof. by elim: D' ys => //= D' IH ys; rewrite IH. Qed.
Definition kappa : R := kappa0 / unit_ ^+ D.
Lemma kappa_gt0 : 0 < kappa.
Proof. by rewrite divr_gt0 ?exprn_gt0 ?unit_gt0 // invr_gt0 mulr_gt0. Qed.
Lemma xsE (i : I) : nth [::] xs i = [seq nth [::] x i | x <- ds].
Proof. by rewrite (nth_map 0%N) ?size_iota // nth_iota. Qed.
Lemma solE t i : sol t i = kappa *: (rowof (nth [::] ss i)
  + lam alpha ^+ t *: vectors R d (nth [::] xs i) t).
Proof.
rewrite /ClosedForm.sol scalerDr; congr (_ + _).
  rewrite /ss (nth_map [::]) ?ls_size // scaleE valM val_pow valM scalerA; congr (_ *: _).
  have u0 := exprn_gt0 D unit_gt0; rewrite /kappa /kappa0 /unit_ in u0 *.
  by move: (_ ^+ D) u0 => p p0; field; rewrite !gt_eqF.
rewrite scalerA mulrC -scalerA; congr (_ *: _).
rewrite (vectorsE _ _ _ (m := D.+1)) ?xsE ?size_map ?size_devs // scaler_sumr.
apply: eq_bigr => j _; rewrite coefE (nth_map [::]) ?size_devs //.
rewrite nth_devs -1?ltnS ?ltn_ord // !scalerA; congr (_ *: _).
have jD : (j <= D)%N by rewrite -ltnS.
have -> : kappa = kappa0 / (unit_ ^+ (D - j) * unit_ ^+ j) by rewrite -exprD subnK.
have := exprn_gt0 (D - j) unit_gt0; have := exprn_gt0 j unit_gt0.
by move: (_ ^+ j) (_ ^+ (D - j)) => u v u0 v0; field; rewrite !gt_eqF.
Qed.

Lemma base_lam : base R num den = lam alpha.
Proof. by rewrite /base /lam alphaE; field; rewrite !gt_eqF ?addr_gt0. Qed.
Lemma size_xs : size xs = n. Proof. by rewrite size_map size_iota. Qed.
Lemma size_ss : size ss = n. Proof. by rewrite size_map ls_size. Qed.
Lemma locked_rowP (i : I) : locked_at pat i -> locked_row C i.
Proof.
rewrite /locked_at; case Ei: (nth [::] pat i) => [|j [|]] // /eqP Ej.
have jn : (j < n)%N.
  by rewrite ltnNge; apply/negP => nj; move: Ej; rewrite nth_default ?pat_size.
exists (Ordinal jn); rewrite /attention ?Ei /= ?Ej.
  by apply/setP => m; rewrite !inE -val_eqE.
by apply/setP => m; rewrite !inE -val_eqE.
Qed.
Lemma leadE t (i j m : I) :
  let hs := image A (nth [::] ss i) in let hx := [seq image A x | x <- nth [::] xs i] in
  let d0 := sub (nth [::] ss j) (nth [::] ss m) in
  let dx := [seq sub r.1 r.2 | r <- zip (nth [::] xs j) (nth [::] xs m)] in
  lead b (sol t) i j m = e * kappa ^+ 2 * curve R num den (zdot hs d0)
    (padd [seq zdot hs y | y <- dx] [seq zdot h d0 | h <- hx]) (product hx dx) t.
Proof.
move=> hs hx d0 dx; rewrite /lead /curve (@dotE R K d A) // scalars_padd.
rewrite (@scalars_left R K d A) // (@scalars_right R K d A) // (@productE R K d A) //.
rewrite vectors_sub ?xsE ?size_map // -!xsE subE !solE base_lam bE.
by rewrite mulnC exprM -mulrA; congr (e * _); apply: (lead_algebra (formM _)).
Qed.
End Equations.
