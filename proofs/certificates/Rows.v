(******************************************************************************)
(* Lists of integers as rows of an ordered field, attention sets as masks.    *)
(*                                                                            *)
(*   rowof x        the row in R^d that a list of integers states             *)
(*   setof ms       the set of indices at which a mask is true                *)
(*   formM A        the form <x,y> = x A y^T; formq e A the same over e       *)
(*   imageE dotE    the program's products are those of the form              *)
(*   wsumE vsumE    its sums over a mask are the sums over the set            *)
(*   row_okP        a mask that passes is the attention set                   *)
(******************************************************************************)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra ring zify ssrZ.
From Hardmax Require Import Theory Integers Program.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Forms.
Variables (R : realFieldType) (d : nat).
Definition dotM (A : 'M[R]_d) (x y : 'rV[R]_d) : R := (x *m A *m y^T) 0 0.
Lemma dotMDl A x y z : dotM A (x + y) z = dotM A x z + dotM A y z.
Proof. by rewrite /dotM !mulmxDl mxE. Qed.
Lemma dotMDr A x y z : dotM A x (y + z) = dotM A x y + dotM A x z.
Proof. by rewrite /dotM linearD /= mulmxDr mxE. Qed.
Lemma dotMZl A a x y : dotM A (a *: x) y = a * dotM A x y.
Proof. by rewrite /dotM -!scalemxAl mxE. Qed.
Lemma dotMZr A a x y : dotM A x (a *: y) = a * dotM A x y.
Proof. by rewrite /dotM linearZ /= -scalemxAr mxE. Qed.
Definition formM A : form [lmodType R of 'rV[R]_d] :=
  Form (dotMDl A) (dotMDr A) (dotMZl A) (dotMZr A).
End Forms.

Section Rows.
Variables (R : realFieldType) (K : integers).
Local Notation vec := (seq K).
Local Notation "# a" := (val R a) (at level 8, format "# a").
Local Notation nthz := (nth (zero K)).
Lemma val0 : #(zero K) = 0. Proof. by rewrite val_ofZ. Qed.
Lemma val1 : #(one K) = 1. Proof. by rewrite val_ofZ. Qed.
Lemma valN1 : #(ofZ K (Z.opp Z.one)) = -1. Proof. by rewrite val_ofZ. Qed.
Lemma val_pow (a : K) m : #(ipow a m) = #a ^+ m.
Proof. by elim: m => [|m IH] /=; rewrite ?val1 ?expr0 // valM IH exprS. Qed.

Lemma nth_padd (x y : vec) j : #(nthz (padd x y) j) = #(nthz x j) + #(nthz y j).
Proof.
elim: x y j => [|a x IH] [|b y] [|j] //=; rewrite ?nth_nil ?val0 ?add0r ?addr0 //.
by rewrite valD.
Qed.
Lemma nth_scale a (x : vec) j : #(nthz (scale a x) j) = #a * #(nthz x j).
Proof.
have [jx|xj] := ltnP j (size x); first by rewrite (nth_map (zero K)) // valM.
by rewrite !nth_default ?size_map // val0 mulr0.
Qed.
Lemma nth_sub (x y : vec) j : #(nthz (sub x y) j) = #(nthz x j) - #(nthz y j).
Proof. by rewrite nth_padd nth_scale valN1 mulN1r. Qed.
Lemma nth_is0 (x : vec) j : is0 x -> #(nthz x j) = 0.
Proof.
move=> /(all_nthP (zero K)) H; have [jx|xj] := ltnP j (size x).
  by have /(val_eq R) := H j jx; rewrite val0.
by rewrite nth_default // val0.
Qed.
Lemma size_padd (x y : vec) : size (padd x y) = maxn (size x) (size y).
Proof. by elim: x y => [|a x IH] [|b y] //=; rewrite ?maxn0 ?IH ?maxnSS. Qed.

Variable d : nat.
Definition rowof (x : vec) : 'rV[R]_d := \row_j #(nthz x j).
Lemma rowof0 : rowof [::] = 0. Proof. by apply/rowP => j; rewrite !mxE nth_nil val0. Qed.
Lemma paddE x y : rowof (padd x y) = rowof x + rowof y.
Proof. by apply/rowP => j; rewrite !mxE nth_padd. Qed.
Lemma scaleE a x : rowof (scale a x) = #a *: rowof x.
Proof. by apply/rowP => j; rewrite !mxE nth_scale. Qed.
Lemma subE x y : rowof (sub x y) = rowof x - rowof y.
Proof. by apply/rowP => j; rewrite !mxE nth_sub. Qed.
Lemma is0E x : is0 x -> rowof x = 0.
Proof. by move=> H; apply/rowP => j; rewrite !mxE nth_is0. Qed.
Lemma zdotE (x y : vec) : (size x <= d)%N ->
  #(zdot x y) = \sum_(j < d) rowof x 0 j * rowof y 0 j.
Proof.
rewrite /rowof; move: x y; elim: d => [|e IH] [|a x] [|b y] //= sx; rewrite ?val0.
- by rewrite big_ord0.
- by rewrite big_ord0.
- by rewrite big1 // => j _; rewrite !mxE nth_nil val0 mul0r.
- by rewrite big1 // => j _; rewrite !mxE nth_nil val0 mul0r.
- by rewrite big1 // => j _; rewrite !mxE nth_nil val0 mulr0.
rewrite valD valM IH // big_ord_recl !mxE /=; congr (_ + _).
by apply: eq_bigr => j _; rewrite !mxE.
Qed.

Variable A : seq vec.
Hypothesis A_rows : all (fun r => (size r <= d)%N) A.
Hypothesis A_size : (size A <= d)%N.
Definition matrixof : 'M[R]_d := \matrix_(s, t) #(nthz (nth [::] A s) t).
Lemma combineE m x (rows : seq vec) : (size rows <= m)%N ->
  rowof (combine x rows) = \sum_(s < m) #(nthz x s) *: rowof (nth [::] rows s).
Proof.
elim: m x rows => [|m IH] [|a x] [|r rows] //= sr; rewrite ?big_ord0 ?rowof0 //.
- by rewrite big1 // => s _; rewrite nth_nil val0 scale0r.
- by rewrite big1 // => s _; rewrite nth_nil val0 scale0r.
- by rewrite big1 // => s _; rewrite nth_nil rowof0 scaler0.
by rewrite paddE scaleE IH // big_ord_recl.
Qed.
Lemma imageE x : rowof (image A x) = rowof x *m matrixof.
Proof.
rewrite /image (combineE _ A_size); apply/rowP => t; rewrite summxE !mxE.
by apply: eq_bigr => s _; rewrite !mxE.
Qed.
Lemma size_image x : (size (image A x) <= d)%N.
Proof.
rewrite /image; elim: A x A_rows => [|r rows IH] [|a x] //= /andP[sr srs].
by rewrite size_padd size_map geq_max sr IH.
Qed.
Lemma dotE x y : #(zdot (image A x) y) = dotM matrixof (rowof x) (rowof y).
Proof.
rewrite zdotE ?size_image // imageE /dotM [RHS]mxE; apply: eq_bigr => j _.
by congr (_ * _); rewrite [RHS]mxE.
Qed.

Variable n : nat.
Local Notation I := 'I_n.
Definition setof (ms : seq bool) : {set I} := [set j : I | nth false ms j].
Lemma wsumE ws ms : (size ms <= n)%N -> #(wsum ws ms) = \sum_(j in setof ms) #(nthz ws j).
Proof.
rewrite (eq_bigl (fun j : I => nth false ms j)) => [|j]; last by rewrite inE.
elim: n ws ms => [|m IH] [|w ws] [|b ms] //= sm; rewrite ?big_ord0 ?val0 //.
- by rewrite big1 // => j; rewrite nth_nil.
- by rewrite big1 // => j; rewrite nth_nil val0.
- by rewrite big1 // => j; rewrite nth_nil.
rewrite big_mkcond big_ord_recl /= -big_mkcond /= -IH //.
by case: b; rewrite ?valD ?add0r.
Qed.
Lemma vsumE ws zs ms : (size ms <= n)%N ->
  rowof (vsum ws zs ms) = \sum_(j in setof ms) #(nthz ws j) *: rowof (nth [::] zs j).
Proof.
rewrite (eq_bigl (fun j : I => nth false ms j)) => [|j]; last by rewrite inE.
elim: n ws zs ms => [|m IH] ws zs [|b ms] //= sm; rewrite ?big_ord0 ?rowof0 //.
  by rewrite big1 // => j; rewrite nth_nil.
case: ws => [|w ws]; first by rewrite rowof0 big1 // => j _; rewrite nth_nil val0 scale0r.
case: zs => [|z zs]; first by rewrite rowof0 big1 // => j _; rewrite nth_nil rowof0 scaler0.
rewrite big_mkcond big_ord_recl /= -big_mkcond /= -IH //.
by case: b; rewrite ?paddE ?scaleE ?add0r.
Qed.

Lemma topP ms v g : top ms v = Some g ->
  exists j, [/\ (j < size ms)%N, nth false ms j & nthz v j = g].
Proof.
elim: ms v => [|m ms IH] [|a v] //=; case: m => [[<-]|/IH[j [j1 j2 j3]]]; first by exists 0%N.
by exists j.+1.
Qed.
Lemma greatestP g ms v j : greatest g ms v -> (j < size ms)%N -> (j < size v)%N ->
  if nth false ms j then #(nthz v j) = #g else #(nthz v j) < #g.
Proof.
elim: ms v j => [|m ms IH] [|a v] [|j] //= /andP[H G] j1 j2; last exact: IH.
by case: m H {IH G} => [/(val_eq R)|] //; rewrite (val_lt R).
Qed.
Lemma row_okP (b : form [lmodType R of 'rV[R]_d]) e k zs (Z : I -> 'rV[R]_d) ms (i : I) :
  0 < k -> 0 < e -> (forall x y, b x y = e * dotM matrixof x y) ->
  (forall j : I, Z j = k *: rowof (nth [::] zs j)) -> size zs = n -> size ms = n ->
  row_ok A zs (nth [::] zs i) ms -> attn b Z i = setof ms.
Proof.
move=> k0 e0 bE Zr sz sm; rewrite /row_ok; set v := [seq _ | _ <- _].
case E: (top ms v) => [g|] // G; have [j0 [j1 j2 j3]] := topP E; rewrite sm in j1.
have vE (l : I) : b (Z i) (Z l) = e * k ^+ 2 * #(nthz v l).
  by rewrite (nth_map [::]) ?sz // dotE bE !Zr dotMZl dotMZr; ring.
have c0 : 0 < e * k ^+ 2 by rewrite mulr_gt0 ?exprn_gt0.
have key (l : I) := @greatestP g ms v l G; rewrite sm size_map sz in key.
pose J := Ordinal j1; apply/setP => l; rewrite [RHS]inE; apply/attnP/idP => [Hl|lm m].
  have := Hl J; rewrite !vE ler_pmul2l // j3; have := key l (ltn_ord l) (ltn_ord l).
  by case: ifP => // _; rewrite ltNge => /negbTE ->.
rewrite !vE ler_pmul2l //; have := key l (ltn_ord l) (ltn_ord l); rewrite lm => ->.
by have := key m (ltn_ord m) (ltn_ord m); case: ifP => _; [move=> ->|move/ltW].
Qed.
End Rows.
