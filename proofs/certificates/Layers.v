(******************************************************************************)
(* The program's layers are the layers of the run.                            *)
(*                                                                            *)
(*   rep q zs Z     the tokens Z are the integer rows zs over q > 0           *)
(*   meanE          means over attention sets                                 *)
(*   pattern_okP    masks that pass are the attention sets of Z               *)
(*   zlayerP        one layer                                                 *)
(*   layersP        some layers of one pattern                                *)
(*   pastP          all layers before the last pattern                        *)
(******************************************************************************)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra ring zify ssrZ.
From Hardmax Require Import Theory Integers Program Rows.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Layers.
Variables (R : realFieldType) (K : integers) (n d : nat).
Local Notation I := 'I_n.
Local Notation V := 'rV[R]_d.
Local Notation vec := (seq K).
Local Notation "# a" := (val R a) (at level 8, format "# a").
Local Notation rowof := (rowof R d).
Local Notation setof := (setof n).
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

Definition norow : row K := ([::], zero K).
Definition rep (q : K) (zs : seq vec) (Z : I -> V) :=
  0 < #q /\ forall i, Z i = (#q)^-1 *: rowof (nth [::] zs i).

Lemma read_okP l rs : read_ok n mult l rs -> [/\ size rs = n, 0 < #l & forall i : I,
  let r := nth norow rs i in
  [/\ size r.1 = n, 0 < #(wsum mult r.1) & #(r.2) * #(wsum mult r.1) = #l]].
Proof.
case/and3P=> /eqP sr l0 /(all_nthP norow) H; split=> //; first by rewrite -(val0 R K) -val_lt.
move=> i r; have /and3P[/eqP s1 w0 /(val_eq R)] :=
  H i (eq_rect_r (fun m => i < m)%N (ltn_ord i) sr).
by rewrite valM => E; split=> //; rewrite -(val0 R K) -val_lt.
Qed.

Lemma meanE k (l : K) (r : row K) zs (Z : I -> V) : (forall i, Z i = k *: rowof (nth [::] zs i)) ->
  size r.1 = n -> 0 < #(wsum mult r.1) -> #(r.2) * #(wsum mult r.1) = #l -> 0 < #l ->
  mean w Z (setof r.1) = (k * (#(r.2) / #l)) *: rowof (vsum mult zs r.1).
Proof.
move=> Zr s1 w0 E l0; rewrite /mean (vsumE _ _ _ _ (n := n)) ?s1 //.
rewrite (eq_bigr (fun j : I => k *: (#(nth (zero K) mult j) *: rowof (nth [::] zs j)))) => [|j _].
  rewrite -scaler_sumr scalerA; congr (_ *: _); rewrite mulrC; congr (_ * _).
  have -> : wt R w (setof r.1) = #(wsum mult r.1).
    by rewrite (wsumE _ _ (n := n)) ?s1 //; apply: eq_bigr => j _; apply: wE.
  have c0 : #(r.2) != 0 by apply: contraTneq l0 => c0; rewrite -E c0 mul0r ltxx.
  by rewrite -E; field; rewrite c0 gt_eqF.
by rewrite Zr wE !scalerA mulrC.
Qed.

Lemma pattern_okP l rs q zs Z : rep q zs Z -> read_ok n mult l rs -> pattern_ok n A zs rs ->
  forall i : I, attn b Z i = setof (nth norow rs i).1.
Proof.
case=> q0 Zr /read_okP[sr l0 H] /andP[/eqP sz /(all_nthP ([::], norow)) P] i.
have [s1 _ _] := H i; have := P i.
rewrite size_zip sz sr minnn nth_zip ?sz ?sr //= => /(_ (ltn_ord i)).
apply: (row_okP A_rows A_size _ e_gt0 bE Zr sz s1); by rewrite invr_gt0.
Qed.

Lemma zlayerP l rs q zs Z : rep q zs Z -> read_ok n mult l rs -> size zs = n ->
  (forall i : I, attn b Z i = setof (nth norow rs i).1) ->
  rep (imul q (imul (iadd den num) l)) (zlayer num den mult l rs zs) (layer b w alpha Z).
Proof.
case=> q0 Zr /read_okP[sr l0 H] sz E; split.
  by rewrite !valM valD !mulr_gt0 // addr_gt0.
move=> i; have [s1 w0 cw] := H i.
rewrite (nth_map ([::], norow)) ?size_zip ?sz ?sr ?minnn // nth_zip ?sz ?sr //=.
rewrite /layer /target E (meanE Zr s1 w0 cw l0) /zrow paddE !scaleE !valM valD Zr.
rewrite !scalerDr !scalerA /lam alphaE; set x := rowof _; set y := rowof _.
by congr (_ *: _ + _ *: _); field; rewrite !gt_eqF // ?addr_gt0.
Qed.

Lemma run_step (Z : I -> V) t : run b w alpha (layer b w alpha Z) t = run b w alpha Z t.+1.
Proof. by rewrite /run iterSr. Qed.
Lemma run_plus (Z : I -> V) m t : run b w alpha (run b w alpha Z m) t = run b w alpha Z (m + t).
Proof. by rewrite /run addnC iterD. Qed.

Lemma layersP m l rs q zs Z q' zs' : rep q zs Z -> read_ok n mult l rs ->
  layers n A num den mult m l rs q zs = Some (q', zs') ->
  rep q' zs' (run b w alpha Z m) /\
  forall t (i : I), (t < m)%N -> attn b (run b w alpha Z t) i = setof (nth norow rs i).1.
Proof.
move=> rZ rok; elim: m q zs Z rZ => [|m IH] q zs Z rZ H; first by case: H => <- <-.
move: H; rewrite [layers _ _ _ _ _ _ _ _ _ _]/=; case: ifP => // P /IH H.
have E := pattern_okP rZ rok P.
have /andP[/eqP sz _] := P; have [r' {}H] := H _ (zlayerP rZ rok sz E).
rewrite -run_step; split=> // [[|t]] i ti; first exact: E.
by rewrite -run_step H.
Qed.

Lemma masksE pat : masks n pat = [seq mask n c | c <- pat].
Proof.
apply: eq_map => c; rewrite /mark /mask -map_comp; apply: eq_map => j /=; rewrite has_map.
elim: c => //= k c IH; rewrite inE IH; congr (_ || _).
by apply/idP/eqP => [/N.eqb_eq/Nnat.Nat2N.inj|->]; rewrite ?N.eqb_refl.
Qed.
Lemma nth_read l pat i : (i < size pat)%N ->
  (nth norow (read n mult l pat) i).1 = mask n (nth [::] pat i).
Proof. by move=> ip; rewrite /read masksE (nth_map [::]) ?size_map // (nth_map [::]). Qed.
Lemma size_read l pat : size (read n mult l pat) = size pat. Proof. by rewrite !size_map. Qed.

Lemma pastP h q zs Z q' zs' : rep q zs Z -> past n A num den mult h q zs = Some (q', zs') ->
  rep q' zs' (run b w alpha Z (size (patterns h))) /\
  forall t (i : I), (t < size (patterns h))%N ->
    attn b (run b w alpha Z t) i = setof (mask n (nth [::] (nth [::] (patterns h) t) i)).
Proof.
elim: h q zs Z => [|[m pat] h IH] q zs Z rZ /=; first by case=> <- <-; split.
set l := weights_lcm _ _ _; case: ifP => // rok.
case E: (layers _ _ _ _ _ _ _ _ _ _) => [[q1 zs1]|] //.
have [r1 H1] := layersP rZ rok E; move=> /(IH _ _ _ r1)[r2 H2].
rewrite /patterns /= size_cat size_nseq -/(patterns h) -run_plus; split=> // t i ti.
have [sr _ _] := read_okP rok; rewrite size_read in sr.
rewrite nth_cat size_nseq; case: ltnP => tm; first by rewrite H1 // nth_read ?sr // nth_nseq tm.
have := H2 (t - m)%N i; rewrite run_plus subnKC //; apply.
by rewrite ltn_subLR.
Qed.

Lemma setof_mask (c : seq nat) : setof (mask n c) = [set j : I | (j : nat) \in c].
Proof.
apply/setP => j; rewrite !inE (nth_map 0%N) ?size_iota // nth_iota //.
Qed.
End Layers.
