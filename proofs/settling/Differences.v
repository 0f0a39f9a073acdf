(* Polynomials in the layer, by their differences: a sequence has degree < m if its m-th
   difference is zero. No scalars are needed: vectors and numbers are treated alike.

     dif u k            u(k+1) - u(k)
     difs m u           the m-th difference; difs m u 0 is the leading coefficient, times m!,
                        if u has degree m
     degree_lt m u      the m-th difference of u is zero
     polynomial_in u    degree_lt m u for some m
     antidif u k        u(0) + ... + u(k-1), whose difference is u

     newton             u(k) = sum of C(k, j) difs j u 0 over j < m, if u has degree < m
     polynomial_binom   u is a polynomial iff u(k) = sum_(j < m) C(k, j) c_j for some m and c
     degree_lt_lower    degree <= m and leading coefficient 0 give degree < m
     degree_lt_ev       a polynomial that is zero for all large k is zero
     degree_lt_prod     degree(B(f, g)) <= degree f + degree g, B additive on both sides
     difs_prod          the leading coefficient of B(f, g) is C(m+n, m) B(lead f, lead g)
     degree_lt_euler    k dif u - m u has degree < m if u has degree <= m
                        (in the binomial basis: k dif C(k, j) = j C(k, j) + (j-1) C(k, j-1)) *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory Converge Reduction.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Differences.
Variable V : zmodType.
Implicit Types u v : nat -> V.
Definition dif u k : V := u k.+1 - u k.
Definition difs m u := iter m dif u.
Definition degree_lt m u := forall k, difs m u k = 0.
Definition polynomial_in u := exists m, degree_lt m u.

Lemma difS u k : u k.+1 = u k + dif u k. Proof. by rewrite addrC subrK. Qed.
Lemma difsS m u k : difs m.+1 u k = difs m (dif u) k. Proof. by rewrite /difs iterSr. Qed.
Lemma difs_ext m u v : (forall k, u k = v k) -> forall k, difs m u k = difs m v k.
Proof. by move=> H; elim: m => [|m IH] k //; rewrite /= /dif !IH. Qed.
Lemma difsD m u v k : difs m (fun h => u h + v h) k = difs m u k + difs m v k.
Proof. by elim: m k => [|m IH] k //; rewrite /= /dif !IH opprD addrACA. Qed.
Lemma difsN m u k : difs m (fun h => - u h) k = - difs m u k.
Proof. by elim: m k => [|m IH] k //; rewrite /= /dif !IH opprD. Qed.
Lemma difs_shift m u n k : difs m (fun h => u (h + n)%N) k = difs m u (k + n)%N.
Proof. by elim: m k => [|m IH] k //; rewrite /= /dif !IH addSn. Qed.

Lemma degree_ltS m u : degree_lt m.+1 u <-> degree_lt m (dif u).
Proof. by split=> H k; [rewrite -difsS|rewrite difsS]. Qed.
Lemma degree_lt_ext m u v : (forall k, u k = v k) -> degree_lt m u -> degree_lt m v.
Proof. by move=> uv H k; rewrite -(difs_ext _ uv) H. Qed.
Lemma degree_ltW m u : degree_lt m u -> degree_lt m.+1 u.
Proof. by move=> H k; rewrite /= /dif !H subrr. Qed.
Lemma degree_lt_le m n u : (m <= n)%N -> degree_lt m u -> degree_lt n u.
Proof.
move=> /subnKC <- H; elim: (n - m)%N => [|d IH]; rewrite ?addn0 ?addnS //.
exact: degree_ltW.
Qed.
Lemma degree_lt0 m u : (forall k, u k = 0) -> degree_lt m u.
Proof. by move=> H; apply: (degree_lt_le (leq0n m)). Qed.
Lemma degree_ltD m u v : degree_lt m u -> degree_lt m v -> degree_lt m (fun k => u k + v k).
Proof. by move=> Hu Hv k; rewrite difsD Hu Hv addr0. Qed.
Lemma degree_ltN m u : degree_lt m u -> degree_lt m (fun k => - u k).
Proof. by move=> Hu k; rewrite difsN Hu oppr0. Qed.
Lemma degree_ltB m u v : degree_lt m u -> degree_lt m v -> degree_lt m (fun k => u k - v k).
Proof. by move=> Hu Hv; apply: degree_ltD => //; apply: degree_ltN. Qed.
Lemma degree_lt_const c : degree_lt 1 (fun=> c).
Proof. by move=> k; rewrite /= /dif subrr. Qed.
Lemma degree_lt_dif m u : degree_lt m u -> degree_lt m.-1 (dif u).
Proof.
case: m => [|m] H; last exact/degree_ltS.
by move=> k; rewrite /= /dif (H k : u k = 0) (H k.+1 : u k.+1 = 0) subrr.
Qed.
Lemma degree_lt_shift m u n : degree_lt m u -> degree_lt m (fun k => u (k + n)%N).
Proof. by move=> H k; rewrite difs_shift. Qed.
Definition antidif u k : V := \sum_(i < k) u i.
Lemma dif_antidif u k : dif (antidif u) k = u k.
Proof. by rewrite /dif /antidif big_ord_recr addrC addKr. Qed.
Lemma degree_lt_antidif m u : degree_lt m u -> degree_lt m.+1 (antidif u).
Proof. by move=> H; apply/degree_ltS/(degree_lt_ext _ H) => k; rewrite dif_antidif. Qed.
(* A constant difference, and the step from degree m to degree m - 1. *)
Lemma difs_const m u k : degree_lt m.+1 u -> difs m u k = difs m u 0.
Proof. by move=> H; elim: k => // k IH; apply/eqP; rewrite -IH -subr_eq0; apply/eqP/H. Qed.
Lemma degree_lt_lower m u : degree_lt m.+1 u -> difs m u 0 = 0 -> degree_lt m u.
Proof. by move=> H u0 k; rewrite (difs_const _ H). Qed.
Lemma degree_lt_ev m u : degree_lt m u -> ev (fun k => u k = 0) -> forall k, u k = 0.
Proof.
elim: m u => [//|m IH] u Hu [N HN]; have d0 k : dif u k = 0.
  apply: IH; first exact/degree_ltS.
  by exists N => h hN; rewrite /dif !HN ?subrr // ltnW.
have cst k : u k = u 0%N by elim: k => // k IHk; rewrite difS d0 addr0.
by move=> k; rewrite cst -(cst N) HN.
Qed.
(* Newton's formula: the binomial basis. *)
Lemma newton_step u (c : nat -> V) m :
  (forall k, dif u k = \sum_(j < m) c j.+1 *+ 'C(k, j)) -> u 0%N = c 0%N ->
  forall k, u k = \sum_(j < m.+1) c j *+ 'C(k, j).
Proof.
move=> Hd H0; elim=> [|k IH].
  by rewrite big_ord_recl bin0 big1 ?addr0 // => j _; rewrite bin0n mulr0n.
rewrite difS IH Hd !big_ord_recl !bin0 -addrA; congr (_ + _).
by rewrite -big_split; apply: eq_bigr => j _; rewrite /= binS mulrnDr.
Qed.
Lemma newton m u : degree_lt m u -> forall k, u k = \sum_(j < m) difs j u 0 *+ 'C(k, j).
Proof.
elim: m u => [|m IH] u Hu k; first by rewrite big_ord0; apply: Hu.
apply: (@newton_step _ (fun j => difs j u 0)) => // h; rewrite (IH (dif u)); last exact/degree_ltS.
by apply: eq_bigr => j _; rewrite difsS.
Qed.
Lemma degree_lt_binom c j : degree_lt j.+1 (fun k => c *+ 'C(k, j)).
Proof.
elim: j => [|j IH]; first by apply: (degree_lt_ext _ (degree_lt_const c)) => k; rewrite bin0.
by apply/degree_ltS/(degree_lt_ext _ IH) => k; rewrite /dif binS mulrnDr addrC addKr.
Qed.
Lemma degree_lt_sum m (J : Type) (r : seq J) (P : pred J) (F : J -> nat -> V) :
  (forall j, P j -> degree_lt m (F j)) -> degree_lt m (fun k => \sum_(j <- r | P j) F j k).
Proof.
move=> H; elim: r => [|j r IH]; first by apply: degree_lt0 => k; rewrite big_nil.
have [Pj|/negbTE Pj] := boolP (P j).
  by apply: (degree_lt_ext _ (degree_ltD (H j Pj) IH)) => k; rewrite big_cons Pj.
by apply: (degree_lt_ext _ IH) => k; rewrite big_cons Pj.
Qed.
Lemma newton_degree m (c : 'I_m -> V) : degree_lt m (fun k => \sum_(j < m) c j *+ 'C(k, j)).
Proof.
apply: degree_lt_sum => j _; apply: (degree_lt_le (ltn_ord j)); exact: degree_lt_binom.
Qed.
Theorem polynomial_binom u :
  polynomial_in u <-> exists m (c : 'I_m -> V), forall k, u k = \sum_(j < m) c j *+ 'C(k, j).
Proof.
split=> [[m Hm]|[m [c Hc]]]; exists m; first by exists (fun j => difs j u 0); apply: newton.
by apply: (degree_lt_ext _ (newton_degree c)) => k; rewrite Hc.
Qed.
End Differences.

(* Products: any map that is additive on both sides. *)
Section Products.
Variables (U V W : zmodType) (B : U -> V -> W).
Hypothesis BDl : forall x y z, B (x + y) z = B x z + B y z.
Hypothesis BDr : forall x y z, B x (y + z) = B x y + B x z.
Local Notation prod f g := (fun k => B (f k) (g k)).
Lemma bilin0l z : B 0 z = 0. Proof. by apply: (addrI (B 0 z)); rewrite -BDl !addr0. Qed.
Lemma bilin0r x : B x 0 = 0. Proof. by apply: (addrI (B x 0)); rewrite -BDr !addr0. Qed.
Lemma bilinNl x z : B (- x) z = - B x z.
Proof. by apply: (addrI (B x z)); rewrite -BDl !subrr bilin0l. Qed.
Lemma bilinNr x z : B x (- z) = - B x z.
Proof. by apply: (addrI (B x z)); rewrite -BDr !subrr bilin0r. Qed.
Lemma difs_prodr m x g k : difs m (fun h => B x (g h)) k = B x (difs m g k).
Proof. by elim: m k => [|m IH] k //=; rewrite /dif !IH -bilinNr -BDr. Qed.
Lemma difs_prodl m z f k : difs m (fun h => B (f h) z) k = B (difs m f k) z.
Proof. by elim: m k => [|m IH] k //=; rewrite /dif !IH -bilinNl -BDl. Qed.
Lemma dif_prod f g k : dif (prod f g) k =
  prod (dif f) g k + prod (dif f) (dif g) k + prod f (dif g) k.
Proof.
have dS (X : zmodType) (u : nat -> X) : u k.+1 = dif u k + u k by rewrite subrK.
rewrite {1}/dif (dS _ f) (dS _ g); move: (dif f k) (dif g k) => x y.
by rewrite BDl !BDr addrA addrK [B x y + _]addrC.
Qed.
Lemma degree_lt_prod m n f g : degree_lt m f -> degree_lt n g -> degree_lt (m + n).-1 (prod f g).
Proof.
suff H d : forall m n f g, (m + n <= d)%N -> degree_lt m f -> degree_lt n g ->
  degree_lt (m + n).-1 (prod f g) by apply: (H (m + n)%N).
elim: d => [|d IH] {}m {}n {}f {}g; case: m => [|m] mn Hf Hg.
- by apply: degree_lt0 => k; rewrite (Hf k : f k = 0) bilin0l.
- by [].
- by apply: degree_lt0 => k; rewrite (Hf k : f k = 0) bilin0l.
case: n Hg mn => [|n] Hg mn; first by apply: degree_lt0 => k; rewrite (Hg k : g k = 0) bilin0r.
rewrite addSn addnS /=; apply/degree_ltS.
apply: (degree_lt_ext (fun k => esym (dif_prod f g k))).
have [Hf' Hg'] := ((degree_ltS _ f).1 Hf, (degree_ltS _ g).1 Hg).
apply: degree_ltD; first apply: degree_ltD.
- by have := IH m n.+1 (dif f) g mn Hf' Hg; rewrite addnS.
- apply: (degree_lt_le (leq_pred _)); apply: IH => //.
  by move: mn; rewrite addSn addnS ltnS => /ltnW.
- by have := IH m.+1 n f (dif g) _ Hf Hg'; rewrite addSn /= => H; apply: H; rewrite -addnS.
Qed.
(* Leading coefficients multiply, with a binomial coefficient. *)
Lemma difs_prod m n f g : degree_lt m.+1 f -> degree_lt n.+1 g ->
  difs (m + n) (prod f g) 0 = B (difs m f 0) (difs n g 0) *+ 'C(m + n, m).
Proof.
suff H d : forall m n f g, (m + n <= d)%N -> degree_lt m.+1 f -> degree_lt n.+1 g ->
  difs (m + n) (prod f g) 0 = B (difs m f 0) (difs n g 0) *+ 'C(m + n, m).
  by apply: (H (m + n)%N).
elim: d => [|d IH] {}m {}n {}f {}g.
  by rewrite leqn0 addn_eq0 => /andP[/eqP-> /eqP->] _ _; rewrite bin0.
case: m => [|m] mn Hf Hg.
  rewrite bin0 mulr1n add0n; have cf k : f k = f 0%N := difs_const k Hf.
  rewrite (difs_ext _ (v := fun k => B (f 0%N) (g k))); last by move=> k; rewrite cf.
  exact: difs_prodr.
case: n Hg mn => [|n] Hg mn.
  rewrite addn0 binn mulr1n; have cg k : g k = g 0%N := difs_const k Hg.
  rewrite (difs_ext _ (v := fun k => B (f k) (g 0%N))); last by move=> k; rewrite cg.
  exact: difs_prodl.
have [Hf' Hg'] := ((degree_ltS _ f).1 Hf, (degree_ltS _ g).1 Hg).
rewrite addSn difsS (difs_ext _ (dif_prod f g)) !difsD addnS binS.
have -> : difs (m + n).+1 (prod (dif f) (dif g)) 0 = 0.
  by have := degree_lt_prod Hf' Hg'; rewrite addSn addnS; apply.
rewrite addr0 mulrnDr addrC; congr (_ + _).
  by rewrite (difsS n) -(IH m.+1 n) // addSn -ltnS -addSn -addnS.
by rewrite (difsS m) -[(m + n).+1]addnS -(IH m n.+1).
Qed.
End Products.

(* Euler: k times the difference is, up to a lower degree, the degree times the polynomial. *)
Section Euler.
Variable V : zmodType.
Lemma dif_euler m (u : nat -> V) k :
  dif (fun h => dif u h *+ h - u h *+ m.+1) k =
  (dif (dif u) k *+ k - dif u k *+ m) + dif (dif u) k.
Proof.
rewrite {1}/dif (difS u) [dif u k.+1]difS; move: (u k) (dif u k) (dif (dif u) k) => z x y.
rewrite !mulrnDl !mulrSr; move: (x *+ k) (y *+ k) (x *+ m) (z *+ m + z) => A B C Z.
apply/eqP; rewrite subr_eq subr_eq -[X in _ == X]addrA [A - Z + _]addrA subrK.
rewrite [C + x]addrC [A + (x + C)]addrA [A + x + C]addrC [B - C + y]addrAC.
by rewrite [B + y - C + _]addrA subrK [B + y + _]addrC.
Qed.
Lemma degree_lt_euler m (u : nat -> V) :
  degree_lt m.+1 u -> degree_lt m (fun k => dif u k *+ k - u k *+ m).
Proof.
elim: m u => [|m IH] u Hu.
  by move=> k; rewrite /difs /= mulr0n subr0 [dif u k](Hu k) mul0rn.
have Hd := (degree_ltS _ u).1 Hu; have Hdd := (degree_ltS _ (dif u)).1 Hd.
apply/degree_ltS/(degree_lt_ext (fun k => esym (dif_euler m u k))).
by apply: degree_ltD => //; apply: IH.
Qed.
End Euler.
