(* H: hulls shrink.

   conv p L x           x is in the convex hull of the points p_i, i in L:
                        x = sum c_i p_i with c_i >= 0, sum c_i = 1 and c_i = 0 outside L
   face b p L y m       the i in L with <y, p_i> = m

   half_layer           <x, z_j> <= c for all j implies <x, z_i'> <= c: half-spaces are kept
   half_layer_lt        and < c if <x, z_i> < c
   half_run             half-spaces are kept for ever
   dot_conv conv_half   linear functionals on hulls
   conv_point conv_mean conv_mix conv_sub conv_trans conv1   hulls
   conv_face            a point of the hull at which <y, .> is greatest is in the hull of those p_i
                        at which it is
   conv_exposed         so if p_v is the only one, it is that point
   layer_in_hull        H: z_i' is in co(Z)
   hulls_shrink hulls_nested   so co(Z') is in co(Z), and co(Z^(k+t)) in co(Z^k) *)
From mathcomp Require Import all_ssreflect all_algebra.
From Hardmax Require Import Forms Means Attention Layer.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Definition conv (R : realFieldType) (V : lmodType R) (I : finType) (p : I -> V) (L : {set I})
  (x : V) := exists c : I -> R,
  [/\ forall i, 0 <= c i, forall i, i \notin L -> c i = 0, \sum_i c i = 1 & x = \sum_i c i *: p i].

Section Hulls.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Implicit Types (p : I -> V) (L : {set I}) (x y : V) (c : I -> R).

Lemma dot_conv y p c x : x = \sum_i c i *: p i -> b y x = \sum_i c i * b y (p i).
Proof. by move=> ->; rewrite dot_sumr; apply: eq_bigr => i _; rewrite dotZr. Qed.
Lemma conv_half p L y m x : {in L, forall i, b y (p i) <= m} -> conv p L x -> b y x <= m.
Proof.
move=> H [c [c0 cL c1 /dot_conv->]]; rewrite -[leRHS]mul1r -c1 mulr_suml ler_sum // => i _.
by have [iL|/cL->] := boolP (i \in L); rewrite ?mul0r // ler_wpmul2l ?H.
Qed.
Lemma conv_point p L i : i \in L -> conv p L (p i).
Proof.
move=> iL; exists (fun j => (j == i)%:R); split=> [j|j||].
- by rewrite ler0n.
- by case: eqP => [->|//]; rewrite iL.
- by rewrite (bigD1 i) //= eqxx big1 ?addr0 // => j /negbTE->.
by rewrite (bigD1 i) //= eqxx scale1r big1 ?addr0 // => j /negbTE->; rewrite scale0r.
Qed.
Lemma conv_sub p L L' x : L \subset L' -> conv p L x -> conv p L' x.
Proof.
move=> /subsetP s [c [c0 cL c1 E]]; exists c; split=> // i iL; apply: cL.
by apply: contra iL; apply: s.
Qed.
Lemma conv_eq p q L x : {in L, p =1 q} -> conv p L x -> conv q L x.
Proof.
move=> E [c [c0 cL c1 ->]]; exists c; split=> //; apply: eq_bigr => i _.
by have [/E->|/cL->] := boolP (i \in L); rewrite ?scale0r.
Qed.
Lemma conv_mix p L x y t : 0 <= t <= 1 -> conv p L x -> conv p L y ->
  conv p L (t *: x + (1 - t) *: y).
Proof.
move=> /andP[t0 t1] [c [c0 cL c1 ->]] [d [d0 dL d1 ->]].
exists (fun i => t * c i + (1 - t) * d i); split=> [i|i iL||].
- by rewrite addr_ge0 ?mulr_ge0 ?subr_ge0.
- by rewrite cL ?dL // !mulr0 addr0.
- by rewrite big_split /= -!mulr_sumr c1 d1 !mulr1 addrC subrK.
by rewrite !scaler_sumr -big_split; apply: eq_bigr => i _; rewrite /= !scalerA scalerDl.
Qed.
Lemma conv_trans (J : finType) (q : J -> V) (M : {set J}) p L x :
  {in L, forall i, conv q M (p i)} -> conv p L x -> conv q M x.
Proof.
move=> pq [c [c0 cL c1 ->]].
have one i : exists f : J -> R, i \in L -> [/\ forall j, 0 <= f j,
    forall j, j \notin M -> f j = 0, \sum_j f j = 1 & p i = \sum_j f j *: q j].
  by have [/pq[f Hf]|_] := boolP (i \in L); [exists f|exists (fun=> 0)].
have [f Hf] := fin_all_exists one.
exists (fun j => \sum_i c i * f i j); split=> [j|j jM||].
- rewrite sumr_ge0 // => i _.
  by have [/Hf[f0 _ _ _]|/cL->] := boolP (i \in L); rewrite ?mul0r // mulr_ge0.
- rewrite big1 // => i _.
  by have [/Hf[_ -> //]|/cL->] := boolP (i \in L); rewrite ?mulr0 ?mul0r.
- rewrite exchange_big -[RHS]c1; apply: eq_bigr => i _; rewrite -mulr_sumr.
  by have [/Hf[_ _ ->]|/cL->] := boolP (i \in L); rewrite ?mulr1 ?mul0r.
under [RHS]eq_bigr do rewrite scaler_suml.
rewrite exchange_big; apply: eq_bigr => i _; under [RHS]eq_bigr do rewrite -scalerA.
by rewrite -scaler_sumr; have [/Hf[_ _ _ <-]|/cL->] := boolP (i \in L); rewrite ?scale0r.
Qed.
Lemma conv1 p v x : conv p [set v] x -> x = p v.
Proof.
case=> c [_ cL c1 ->]; have c0 i : i != v -> c i = 0 by move=> iv; rewrite cL // inE.
rewrite (bigD1 v) //= big1 ?addr0 => [|i /c0->]; last by rewrite scale0r.
by move: c1; rewrite (bigD1 v) //= big1 // addr0 => ->; rewrite scale1r.
Qed.

Definition face p L y m := [set i in L | b y (p i) == m].
Lemma conv_face p L y m x : {in L, forall i, b y (p i) <= m} -> conv p L x -> b y x = m ->
  conv p (face p L y m) x.
Proof.
move=> H [c [c0 cL c1 xE]] xm; exists c; split=> // i iF.
have zero : \sum_i c i * (m - b y (p i)) = 0.
  under eq_bigr do rewrite mulrBr.
  by rewrite sumrB -mulr_suml c1 mul1r -(dot_conv _ xE) xm subrr.
have term j : 0 <= c j * (m - b y (p j)).
  by have [/H jm|/cL->] := boolP (j \in L); rewrite ?mul0r // mulr_ge0 ?subr_ge0.
move/eqP: zero; rewrite psumr_eq0 // => /allP/(_ i (mem_index_enum i)) /=.
have [iL|/cL->//] := boolP (i \in L); move: iF; rewrite inE iL /= => ne.
by rewrite mulf_eq0 subr_eq0 [m == _]eq_sym (negbTE ne) orbF => /eqP.
Qed.
Lemma conv_exposed p L y v x : {in L, forall i, i != v -> b y (p i) < b y (p v)} ->
  conv p L x -> b y (p v) <= b y x -> x = p v.
Proof.
move=> H Kx xv; have le i : i \in L -> b y (p i) <= b y (p v).
  by have [->//|iv /H/(_ iv)/ltW] := eqVneq i v.
apply: (@conv1 p); have E : b y x = b y (p v) by apply/eqP; rewrite eq_le xv (conv_half le).
apply: conv_sub (conv_face le Kx E); apply/subsetP => i; rewrite !inE => /andP[iL].
by apply: contraTT => /(H _ iL) /lt_eqF->.
Qed.
End Hulls.

Section Shrink.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R).
Hypothesis w_gt0 : forall i, (0 < w i)%N.
Hypothesis alpha_gt0 : 0 < alpha.
Implicit Types (Z : I -> V) (i : I).
Local Notation layer := (layer b w alpha).
Local Notation run := (run b w alpha).

Lemma half_layer x c Z : (forall j, b x (Z j) <= c) -> forall i, b x (layer Z i) <= c.
Proof.
move=> H i; rewrite layerE dotDr 2!dotZr [leRHS](split_lam alpha_gt0).
by apply: ler_add; rewrite ler_pmul2l ?lam_gt0 ?gam_gt0 // half_target.
Qed.
Lemma half_layer_lt x c Z i : (forall j, b x (Z j) <= c) -> b x (Z i) < c -> b x (layer Z i) < c.
Proof.
move=> H Hi; rewrite layerE dotDr 2!dotZr [ltRHS](split_lam alpha_gt0).
by apply: ltr_le_add; rewrite ?ltr_pmul2l ?ler_pmul2l ?lam_gt0 ?gam_gt0 // half_target.
Qed.
Lemma half_run x c Z : (forall j, b x (Z j) <= c) -> forall k i, b x (run Z k i) <= c.
Proof. by move=> H; elim=> // k IH; apply: half_layer. Qed.

Lemma conv_mean Z (S : {set I}) j : j \in S -> conv Z S (mean w Z S).
Proof.
move=> jS; exists (fun i => (i \in S)%:R * ((wt R w S)^-1 * (w i)%:R)); split=> [i|i||].
- by rewrite !mulr_ge0 ?invr_ge0 ?wt_ge0 ?ler0n.
- by move/negbTE->; rewrite mul0r.
- rewrite -[RHS](avg_const w_gt0 1 jS) /avg mulr_sumr [RHS]big_mkcond; apply: eq_bigr => i _.
  by case: (i \in S); rewrite ?mul1r ?mulr1 ?mul0r.
rewrite /mean scaler_sumr big_mkcond; apply: eq_bigr => i _.
by case: (i \in S); rewrite ?mul1r ?scalerA // mul0r scale0r.
Qed.
Lemma target_in_hull Z i : conv Z (attn b Z i) (target b w Z i).
Proof. by have [j jC] := attn_ex b Z i; apply: conv_mean jC. Qed.
Theorem layer_in_hull Z i : conv Z setT (layer Z i).
Proof.
have lam1 : 0 <= lam alpha <= 1 by rewrite !ltW ?lam_gt0 ?lam_lt1.
have -> : layer Z i = lam alpha *: Z i + (1 - lam alpha) *: target b w Z i.
  by rewrite layerE -(lam_gam alpha_gt0) [lam _ + _]addrC addrK.
apply: conv_mix lam1 (conv_point _ (in_setT i)) (conv_sub _ (target_in_hull Z i)).
exact: subsetT.
Qed.
Theorem hulls_shrink Z x : conv (layer Z) setT x -> conv Z setT x.
Proof. by apply: conv_trans => i _; apply: layer_in_hull. Qed.
Theorem hulls_nested Z k t x : conv (run Z (k + t)) setT x -> conv (run Z k) setT x.
Proof. by elim: t => [|t IH]; rewrite ?addn0 // addnS => /hulls_shrink. Qed.
End Shrink.
