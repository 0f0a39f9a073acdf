(******************************************************************************)
(* The program's tests, the other way round: what is true passes them.        *)
(*                                                                            *)
(*   exact K            quotients and common multiples in K are what they     *)
(*                      should be; binary_exact: those of Z are               *)
(*   fits d zs          no row of zs is longer than d                         *)
(*                                                                            *)
(*   ieq_val is0_row    integers with one value are equal; rows of value 0    *)
(*   row_ok_complete    the mask of an attention set passes                   *)
(*   read_complete      sets that are not empty can be read                   *)
(*   layers_complete    if the pattern stands for m layers, `layers m` passes *)
(******************************************************************************)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra ring zify ssrZ.
From Hardmax Require Import Theory Integers Program Rows Layers.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Definition exact (K : integers) :=
  (forall a b : K, Z.lt Z0 (toZ a) -> Z.lt Z0 (toZ b) ->
     [/\ Z.lt Z0 (toZ (ilcm a b)), Z.divide (toZ a) (toZ (ilcm a b)) &
         Z.divide (toZ b) (toZ (ilcm a b))]) /\
  forall a b : K, Z.lt Z0 (toZ b) -> Z.divide (toZ b) (toZ a) ->
     Z.mul (toZ (idiv a b)) (toZ b) = toZ a.
Lemma lcm_pos (a b : Z) : Z.lt Z0 a -> Z.lt Z0 b -> Z.lt Z0 (Z.lcm a b).
Proof.
move=> a0 b0; have := Z.lcm_nonneg a b.
have : Z.lcm a b <> Z0 by move/Z.lcm_eq_0 => [E|E]; [rewrite E in a0|rewrite E in b0].
by move: (Z.lcm a b) => l; lia.
Qed.
Lemma binary_exact : exact binary.
Proof.
split=> [a b a0 b0|a b b0 ab].
  by split; [exact: lcm_pos|exact: Z.divide_lcm_l|exact: Z.divide_lcm_r].
case: ab b0 => q /= -> b0; rewrite Z.div_mul // => E; by rewrite E in b0.
Qed.

Section Values.
Variables (R : realFieldType) (K : integers).
Local Notation vec := (seq K).
Local Notation "# a" := (val R a) (at level 8, format "# a").
Local Notation nthz := (nth (zero K)).
Lemma zr_inj : injective (zr R).
Proof. by move=> a b /eqP; rewrite eqr_int => /eqP; lia. Qed.
Lemma ieq_val (a b : K) : #a = #b -> ieq a b.
Proof. by move=> /zr_inj E; rewrite ieqE E Z.eqb_refl. Qed.
Lemma val_pos (a : K) : 0 < #a -> Z.lt Z0 (toZ a).
Proof. by rewrite -(val0 R K) -val_lt iltE ofZE => /Z.ltb_lt. Qed.
Lemma ilt0 (a : K) : ilt (zero K) a = (0 < #a). Proof. by rewrite (val_lt R) val0. Qed.
Lemma is0_val (x : vec) : (forall j, #(nthz x j) = 0) -> is0 x.
Proof. by move=> H; apply/(all_nthP (zero K)) => j _; apply: ieq_val; rewrite val0. Qed.
Variable d : nat.
Definition fits (zs : seq vec) := all (fun z => (size z <= d)%N) zs.
Lemma is0_row (x : vec) : (size x <= d)%N -> rowof R d x = 0 -> is0 x.
Proof.
move=> xd x0; apply: is0_val => j; have [jd|dj] := ltnP j d; last first.
  by rewrite nth_default ?val0 // (leq_trans xd).
by have := congr1 (fun r : 'rV_d => r 0 (Ordinal jd)) x0; rewrite !mxE.
Qed.
Lemma fits_nth zs i : fits zs -> (size (nth [::] zs i) <= d)%N.
Proof.
move=> /(all_nthP [::]) H; have [iz|zi] := ltnP i (size zs); first exact: H.
by rewrite nth_default.
Qed.
Lemma size_scale a (x : vec) : size (scale a x) = size x. Proof. exact: size_map. Qed.
Lemma fits_vsum ws zs ms : fits zs -> (size (vsum ws zs ms) <= d)%N.
Proof.
elim: ms ws zs => [|m ms IH] [|v ws] [|z zs] //= /andP[zd Hzs]; case: m; last exact: IH.
by rewrite size_padd size_scale geq_max zd IH.
Qed.

Variables (n : nat) (A : seq vec).
Local Notation I := 'I_n.
Hypothesis A_rows : all (fun r => (size r <= d)%N) A.
Hypothesis A_size : (size A <= d)%N.
Lemma top_complete ms (v : vec) : has id ms -> size ms = size v -> exists g, top ms v = Some g.
Proof.
elim: ms v => [|m ms IH] [|a v] //=; case: m => [_ _|H [E]]; first by exists a.
exact: IH.
Qed.
Lemma greatest_complete g ms (v : vec) :
  (forall j, (j < size ms)%N -> if nth false ms j then #(nthz v j) = #g else #(nthz v j) < #g) ->
  greatest g ms v.
Proof.
elim: ms v => [|m ms IH] [|a v] //= H; apply/andP; split; last first.
  by apply: IH => j js; apply: (H j.+1).
by have := H 0%N isT => /=; case: m {H} => [/ieq_val|]; rewrite ?(val_lt R).
Qed.
Lemma row_ok_complete (b : form [lmodType R of 'rV[R]_d]) e k zs (Z : I -> 'rV[R]_d) ms (i : I) :
  0 < k -> 0 < e -> (forall x y, b x y = e * dotM (matrixof R d A) x y) ->
  (forall j : I, Z j = k *: rowof R d (nth [::] zs j)) -> size zs = n -> size ms = n ->
  attn b Z i = setof n ms -> row_ok A zs (nth [::] zs i) ms.
Proof.
move=> k0 e0 bE Zr sz sm E; rewrite /row_ok; set v := [seq _ | _ <- _].
have vE (l : I) : b (Z i) (Z l) = e * k ^+ 2 * #(nthz v l).
  by rewrite (nth_map [::]) ?sz // (dotE _ A_rows A_size) bE !Zr dotMZl dotMZr; ring.
have c0 : 0 < e * k ^+ 2 by rewrite mulr_gt0 ?exprn_gt0.
have [J JC] := attn_ex b Z i; have Jm : nth false ms J by move: JC; rewrite E inE.
have hm : has id ms by apply/(has_nthP false); exists J => //; rewrite sm.
have [|g tg] := @top_complete ms v hm; first by rewrite size_map sz.
rewrite tg; have [j0 [j1 j2 j3]] := topP tg; rewrite sm in j1.
have jC : Ordinal j1 \in attn b Z i by rewrite E inE.
apply: greatest_complete => l; rewrite sm => ln; rewrite -j3.
have lC : (Ordinal ln \in attn b Z i) = nth false ms l by rewrite E inE.
case: ifP => ml; last first.
  by rewrite -(ltr_pmul2l c0) -(vE (Ordinal ln)) -(vE (Ordinal j1)) (attn_notin jC) // lC ml.
apply: (mulfI (lt0r_neq0 c0)); rewrite -(vE (Ordinal ln)) -(vE (Ordinal j1)).
by apply: attn_eq; rewrite ?lC.
Qed.
End Values.

Section Layers.
Variables (R : realFieldType) (K : integers) (n d : nat).
Local Notation I := 'I_n.
Local Notation V := 'rV[R]_d.
Local Notation vec := (seq K).
Local Notation "# a" := (val R a) (at level 8, format "# a").
Local Notation rowof := (rowof R d).
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
Local Notation run := (run b w alpha).
Local Notation norow := (norow K).
Local Notation read pat := (read n mult (weights_lcm n mult pat) pat).

Definition states (pat : pattern) (C : I -> {set I}) := [/\ size pat = n,
  forall i : I, [set j : I | (j : nat) \in nth [::] pat i] = C i & forall i, exists j, j \in C i].
Lemma wsum_pos c j : j \in [set j : I | (j : nat) \in c] -> 0 < #(wsum mult (mask n c)).
Proof.
move=> jc; rewrite (wsumE _ _ _ (n := n)) ?size_map ?size_iota // setof_mask (bigD1 j) //=.
have pos (l : I) : 0 < #(nth (zero K) mult l) by rewrite -wE ltr0n.
by rewrite ltr_paddr // sumr_ge0 // => l _; rewrite ltW.
Qed.
Lemma lcm_complete (ms : seq (seq bool)) : {in ms, forall m, 0 < #(wsum mult m)} ->
  let l := foldr (fun m l => ilcm (wsum mult m) l) (one K) ms in
  Z.lt Z0 (toZ l) /\ {in ms, forall m, Z.divide (toZ (wsum mult m)) (toZ l)}.
Proof.
elim: ms => [|m ms IH] H /=; first by rewrite ofZE.
have [|l0 div] := IH; first by move=> h hs; apply: H; rewrite inE hs orbT.
have [l1 d1 d2] := K_exact.1 _ _ (val_pos (H m (mem_head _ _))) l0; split=> // h.
by rewrite inE => /orP[/eqP->//|/div h1]; apply: Z.divide_trans d2.
Qed.
Lemma read_complete pat C : states pat C -> read_ok n mult (weights_lcm n mult pat) (read pat).
Proof.
case=> sp Cp Cn; have pos : {in masks n pat, forall m, size m = n /\ 0 < #(wsum mult m)}.
  move=> m; rewrite masksE => /(nthP [::])[i]; rewrite size_map sp => lin.
  rewrite (nth_map [::]) ?sp // => <-; rewrite size_map size_iota; split=> //.
  by have [j jC] := Cn (Ordinal lin); apply: (@wsum_pos _ j); rewrite (Cp (Ordinal lin)).
have [|l0 div] := @lcm_complete (masks n pat); first by move=> m /pos[].
apply/and3P; split; first by rewrite size_read sp.
  by rewrite iltE ofZE; apply/Z.ltb_lt.
rewrite all_map; apply/allP => m mm /=; have [sm wm] := pos m mm.
rewrite sm eqxx (ilt0 R) wm ieqE imulE K_exact.2; [|exact: val_pos wm|exact: div].
by rewrite Z.eqb_refl.
Qed.
Lemma states_row pat C (i : I) : states pat C -> setof n (nth norow (read pat) i).1 = C i.
Proof. by case=> sp Cp _; rewrite nth_read ?sp // setof_mask Cp. Qed.
Lemma layers_complete pat C m q zs Z : states pat C -> rep q zs Z -> size zs = n -> fits d zs ->
  (forall t i, (t < m)%N -> attn b (run Z t) i = C i) ->
  exists q' zs', [/\ layers n A num den mult m (weights_lcm n mult pat) (read pat) q zs
    = Some (q', zs'), rep q' zs' (run Z m), size zs' = n & fits d zs'].
Proof.
move=> Cp; have rok := read_complete Cp; have [sr _ _] := read_okP R rok.
elim: m q zs Z => [|m IH] q zs Z rZ sz fz H; first by exists q, zs.
have C0 i : attn b Z i = setof n (nth norow (read pat) i).1 by rewrite (states_row i Cp) (H 0%N).
have pok : pattern_ok n A zs (read pat).
  rewrite /pattern_ok sz eqxx; apply/(all_nthP ([::], norow)) => i.
  rewrite size_zip sz sr minnn nth_zip ?sz ?sr //= => lin; have [q0 Zr] := rZ.
  apply: (row_ok_complete A_rows A_size _ e_gt0 bE Zr sz _ (C0 (Ordinal lin))).
    by rewrite invr_gt0.
  by have [_ _ /(_ (Ordinal lin))[]] := read_okP R rok.
have rZ' := zlayerP wE num_gt0 den_gt0 alphaE rZ rok sz C0.
have [||t i tm|q' [zs' [E r' s' f']]] := IH _ _ _ rZ'.
- by rewrite size_map size_zip sz sr minnn.
- apply/(all_nthP [::]) => i; rewrite size_map => iz; rewrite (nth_map ([::], norow)) //.
  rewrite /zrow size_padd !size_scale geq_max fits_vsum // andbT.
  by rewrite nth_zip ?sz ?sr //=; apply: fits_nth.
- by rewrite run_step H.
by exists q', zs'; split=> //; [rewrite /= pok|rewrite -run_step].
Qed.
Lemma past_complete pats q zs Z : rep q zs Z -> size zs = n -> fits d zs ->
  (forall t, (t < size pats)%N -> states (nth [::] pats t) (attn b (run Z t))) ->
  exists q' zs', [/\ past n A num den mult [seq (1%N, p) | p <- pats] q zs = Some (q', zs'),
    rep q' zs' (run Z (size pats)), size zs' = n & fits d zs'].
Proof.
elim: pats q zs Z => [|p pats IH] q zs Z rZ sz fz H; first by exists q, zs.
have Hp : states p (attn b (run Z 0)) := H 0%N isT.
have [|q1 [zs1 [E1 r1 s1 f1]]] := layers_complete (m := 1) Hp rZ sz fz.
  by move=> [|t].
have [t tp|q2 [zs2 [E2 r2 s2 f2]]] := IH _ _ _ r1 s1 f1; first by rewrite run_step; apply: (H t.+1).
exists q2, zs2; split=> //; last by rewrite run_step in r2.
by move: E1; rewrite /= (read_complete Hp) => ->.
Qed.
End Layers.
