(******************************************************************************)
(* Functions of t in the basis C(t,j), as the program computes with them.     *)
(*                                                                            *)
(*   newton F t     sum_j C(t,j) F_j, by F(t+1) = F(t) + (F o succ)(t)        *)
(*   newtonE        ... which is that sum where F_j = 0 from some j on        *)
(*   productE       the program's product of two families is their product    *)
(******************************************************************************)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra ring zify ssrZ.
From Hardmax Require Import Theory ClosedForm Criterion Integers Program Rows.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Newton.
Variable V : zmodType.
Implicit Types F G : nat -> V.
Fixpoint newton F t : V := if t is t.+1 then newton F t + newton (F \o succn) t else F 0%N.
Lemma eq_newton F G t : F =1 G -> newton F t = newton G t.
Proof.
elim: t F G => [|t IH] F G E /=; first exact: E.
by rewrite (IH _ _ E) (IH (F \o succn) (G \o succn)) // => j; apply: E.
Qed.
Lemma newtonD F G t : newton (fun j => F j + G j) t = newton F t + newton G t.
Proof.
elim: t F G => [|t IH] F G //=; rewrite IH -addrA [RHS]addrACA addrA; congr (_ + _).
by rewrite -IH; apply: eq_newton.
Qed.
Lemma newton0 t : newton (fun=> 0) t = 0.
Proof. by elim: t => //= t IH; rewrite (@eq_newton _ (fun=> 0)) // IH addr0. Qed.
Lemma newtonE m F t : (forall j, (m <= j)%N -> F j = 0) ->
  newton F t = \sum_(j < m) F j *+ 'C(t, j).
Proof.
elim: t F m => [|t IH] F m F0 /=.
  case: m F0 => [|m] F0; first by rewrite big_ord0 F0.
  rewrite big_ord_recl bin0 mulr1n big1 ?addr0 //.
have F0' j : (m <= j)%N -> (F \o succn) j = 0 by move=> mj; apply: F0; apply: ltnW.
rewrite (IH _ m.+1) => [|j /ltnW/F0 //]; rewrite (IH _ _ F0').
have -> : \sum_(j < m) F j *+ 'C(t.+1, j) = \sum_(j < m.+1) F j *+ 'C(t.+1, j).
  by rewrite big_ord_recr /= F0 // mul0rn addr0.
rewrite !big_ord_recl !bin0 -addrA; congr (_ + _); rewrite -big_split /=.
by apply: eq_bigr => j _; rewrite -mulrnDr /bump /= add1n binS.
Qed.
End Newton.
Lemma newton_additive (U V : zmodType) (f : U -> V) (F : nat -> U) t :
  (forall x y, f (x + y) = f x + f y) -> f (newton F t) = newton (f \o F) t.
Proof. by move=> fD; elim: t F => //= t IH F; rewrite fD !IH. Qed.

Section Families.
Variables (R : realFieldType) (K : integers) (d : nat).
Local Notation vec := (seq K).
Local Notation "# a" := (val R a) (at level 8, format "# a").
Local Notation nthz := (nth (zero K)).
Local Notation rowof := (rowof R d).
Definition scalars (g : vec) t : R := newton (fun j => #(nthz g j)) t.
Definition vectors (xs : seq vec) t := newton (fun j => rowof (nth [::] xs j)) t.
Lemma scalarsE m g t : (size g <= m)%N ->
  scalars g t = \sum_(j < m) 'C(t, j)%:R * #(nthz g j).
Proof.
move=> gm; rewrite /scalars (newtonE (m := m)) => [|j mj].
  by apply: eq_bigr => j _; rewrite mulr_natl.
by rewrite nth_default ?val0 // (leq_trans gm).
Qed.
Lemma vectorsE m xs t : (size xs <= m)%N ->
  vectors xs t = \sum_(j < m) 'C(t, j)%:R *: rowof (nth [::] xs j).
Proof.
move=> xm; rewrite /vectors (newtonE (m := m)) => [|j mj].
  by apply: eq_bigr => j _; rewrite scaler_nat.
by rewrite nth_default ?rowof0 // (leq_trans xm).
Qed.
Lemma scalars_padd g h t : scalars (padd g h) t = scalars g t + scalars h t.
Proof. by rewrite /scalars -newtonD; apply: eq_newton => j; apply: nth_padd. Qed.
Lemma scalars_is0 g t : is0 g -> scalars g t = 0.
Proof.
by move=> H; rewrite /scalars -[RHS](newton0 _ t); apply: eq_newton => j; apply: nth_is0.
Qed.
Lemma scalarsS g t : scalars g t.+1 = scalars g t + scalars (behead g) t.
Proof.
rewrite {1}/scalars /=; congr (_ + _); rewrite /scalars; apply: eq_newton => j /=.
by rewrite nth_behead.
Qed.
Lemma vectorsS g t : vectors g t.+1 = vectors g t + vectors (behead g) t.
Proof.
rewrite {1}/vectors /=; congr (_ + _); rewrite /vectors; apply: eq_newton => j /=.
by rewrite nth_behead.
Qed.
Lemma scalars_nil t : scalars [::] t = 0.
Proof. exact: scalars_is0. Qed.
Lemma vectors_nil t : vectors [::] t = 0.
Proof. by rewrite (@vectorsE 0) // big_ord0. Qed.
Lemma vectors_sub xs ys t : size xs = size ys ->
  vectors [seq sub r.1 r.2 | r <- zip xs ys] t = vectors xs t - vectors ys t.
Proof.
move=> E; apply/eqP; rewrite eq_sym subr_eq; apply/eqP.
rewrite /vectors -newtonD; apply: eq_newton => j /=.
have [jx|xj] := ltnP j (size xs); last first.
  by rewrite !nth_default ?size_map ?size_zip -?E ?minnn // rowof0 addr0.
rewrite (nth_map ([::], [::])) ?size_zip -?E ?minnn // nth_zip //=.
by rewrite subE subrK.
Qed.

Variable A : seq vec.
Hypothesis A_rows : all (fun r => (size r <= d)%N) A.
Hypothesis A_size : (size A <= d)%N.
Local Notation B := (formM (matrixof R d A)).
Let dots x y : #(zdot (image A x) y) = B (rowof x) (rowof y).
Proof. exact: dotE. Qed.
Lemma scalars_left hs ys t :
  scalars [seq zdot (image A hs) y | y <- ys] t = B (rowof hs) (vectors ys t).
Proof.
rewrite (newton_additive _ _ (dotDr B _)); apply: eq_newton => j /=.
have [jx|xj] := ltnP j (size ys); first by rewrite (nth_map [::]) // dots.
by rewrite !nth_default ?size_map // val0 rowof0; apply/esym/(dot0r B).
Qed.
Lemma scalars_right xs y t :
  scalars [seq zdot h y | h <- [seq image A x | x <- xs]] t = B (vectors xs t) (rowof y).
Proof.
rewrite (newton_additive (f := fun x => B x (rowof y))) => [|u v].
  apply: eq_newton => j /=; have [jx|xj] := ltnP j (size xs).
    by rewrite (nth_map [::]) ?size_map // (nth_map [::]) // dots.
  by rewrite !nth_default ?size_map // val0 rowof0; apply/esym/(dot0l B).
exact: dotDl.
Qed.

Lemma product_rowE (h : vec) ys t k : nth [::] (product_row h ys t) k =
  if (k < size ys)%N then zdot h (nth [::] ys k) :: padd (nth [::] t k)
    (padd (nth [::] (product_row h ys t) k.+1) (nth [::] t k.+1)) else [::].
Proof.
elim: ys t k => [|y ys IH] t [|k] //=; rewrite ?nth_nil //.
  by rewrite -!nth0 nth_behead.
by rewrite IH !nth_behead ltnS.
Qed.
Theorem productE xs ys t :
  scalars (product [seq image A x | x <- xs] ys) t = B (vectors xs t) (vectors ys t).
Proof.
pose table xs := foldr (fun h t => product_row h ys t) [::] [seq image A x | x <- xs].
suff H k : scalars (nth [::] (table xs) k) t = B (vectors xs t) (vectors (drop k ys) t).
  by rewrite /product -nth0 H drop0.
elim: t xs k => [|t IH] [|x xs] k.
- by rewrite nth_nil scalars_nil vectors_nil dot0l.
- rewrite [table _]/= product_rowE; case: ltnP => [kl|lk]; last first.
    by rewrite drop_oversize // scalars_nil vectors_nil dot0r.
  by rewrite /scalars /vectors /= dots nth_drop addn0.
- by rewrite nth_nil scalars_nil vectors_nil dot0l.
rewrite scalarsS IH !vectorsS [behead (x :: xs)]/= -(drop1 (drop k ys)) drop_drop add1n.
rewrite [table _]/= product_rowE; case: ltnP => [kl|lk]; last first.
  by rewrite scalars_nil !drop_oversize ?leqW // !vectors_nil !addr0 !dot0r.
rewrite [behead (_ :: _)]/= !scalars_padd.
rewrite -[product_row _ _ _]/(table (x :: xs)) -/(table xs) !IH.
rewrite !dotDl !dotDr; ring.
Qed.

End Families.
