(* What a polynomial does in the end, over an archimedean field.

     growth q f         |f(k)| <= C (k+1)^q for some C and all k
     trichotomy f       f is zero, or f >= d > 0 for all large k, or f <= -d < 0 for all large k
     below f g          f = g, or f + d <= g for all large k, with d > 0

     polynomial_growth     every polynomial has a growth (degree_growth: its degree)
     polynomial_sign       every polynomial has the trichotomy
     lead_gt0              a positive leading coefficient in degree n+1 beats every C (k+1)^n
     polynomial_best       among finitely many polynomials one is the greatest in the end
     polynomial_small      |f(k)| x^k tends to 0, 0 < x < 1
     exppoly_trichotomy    f(k) + x^k g(k) is zero, or of one strict sign in the end
     exppoly_sign(0)       whether it is <= 0 (>= 0) is constant in the end
     polynomial_ratio      f(k+1)/f(k) tends to 1, if f >= d > 0 in the end *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory Converge Reduction Limits Differences.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* Real sequences: growth, sign, leading coefficient. *)
Section Growth.
Variable R : realFieldType.
Implicit Types f g : nat -> R.
Definition growth q f := exists C, forall k, `|f k| <= C * k.+1%:R ^+ q.

Lemma growth_ext q f g : (forall k, f k = g k) -> growth q f -> growth q g.
Proof. by move=> H [C HC]; exists C => k; rewrite -H. Qed.
Lemma layer_ge1 k q : 1 <= k.+1%:R ^+ q :> R. Proof. by rewrite exprn_ege1 // ler1n. Qed.
Lemma growth_le p q f : (p <= q)%N -> growth p f -> growth q f.
Proof.
move=> /subnKC <- [C HC]; exists C => k; apply: le_trans (HC k) _.
have C0 : 0 <= C by have := le_trans (normr_ge0 _) (HC 0%N); rewrite expr1n mulr1.
by rewrite exprD mulrA ler_pemulr ?layer_ge1 // mulr_ge0 ?exprn_ge0.
Qed.
Lemma growthD q f g : growth q f -> growth q g -> growth q (fun k => f k + g k).
Proof.
move=> [C HC] [D HD]; exists (C + D) => k; apply: le_trans (ler_norm_add _ _) _.
by rewrite mulrDl ler_add.
Qed.
Lemma growthM p q f g : growth p f -> growth q g -> growth (p + q) (fun k => f k * g k).
Proof.
move=> [C HC] [D HD]; exists (C * D) => k; rewrite normrM exprD mulrACA.
by apply: ler_pmul.
Qed.
Lemma growth_const c : growth 0 (fun=> c). Proof. by exists `|c| => k; rewrite mulr1. Qed.
Lemma growthZ q a f : growth q f -> growth q (fun k => a * f k).
Proof. exact: growthM (growth_const a). Qed.
Lemma growthN q f : growth q f -> growth q (fun k => - f k).
Proof. by move=> [C HC]; exists C => k; rewrite normrN. Qed.
Lemma growth_sum q (J : Type) (r : seq J) (P : pred J) (F : J -> nat -> R) :
  (forall j, P j -> growth q (F j)) -> growth q (fun k => \sum_(j <- r | P j) F j k).
Proof.
move=> H; elim: r => [|j r IH].
  by exists 0 => k; rewrite big_nil normr0 mul0r.
have [Pj|/negbTE Pj] := boolP (P j).
  by apply: growth_ext (growthD (H j Pj) IH) => k; rewrite big_cons Pj.
by apply: growth_ext IH => k; rewrite big_cons Pj.
Qed.
Lemma growth_dif q f : growth q (dif f) -> growth q.+1 f.
Proof.
move=> [C HC]; have C0 : 0 <= C by have := le_trans (normr_ge0 _) (HC 0%N); rewrite expr1n mulr1.
have A0 : 0 <= `|f 0%N| + C by rewrite addr_ge0.
exists (`|f 0%N| + C); elim=> [|k IH]; first by rewrite expr1n mulr1 ler_addl.
rewrite (difS f); apply: le_trans (ler_norm_add _ _) _; apply: le_trans (ler_add IH (HC k)) _.
apply: le_trans (_ : (`|f 0%N| + C) * (k.+2%:R * k.+1%:R ^+ q) <= _).
  rewrite (mulrSr _ k.+1) mulrDl mul1r -exprS mulrDr ler_add2l.
  by apply: ler_wpmul2r; rewrite ?exprn_ge0 // ler_addr.
rewrite ler_wpmul2l // exprS ler_wpmul2l //; apply: ler_expn2r; rewrite ?nnegrE //.
by rewrite ler_nat.
Qed.
Theorem degree_growth m f : degree_lt m.+1 f -> growth m f.
Proof.
elim: m f => [|m IH] f Hf; last exact: growth_dif (IH _ ((degree_ltS _ f).1 Hf)).
by apply: growth_ext (growth_const (f 0%N)) => k; exact: esym (difs_const k Hf).
Qed.
Theorem polynomial_growth f : polynomial_in f -> exists q, growth q f.
Proof. by move=> [m Hm]; exists m; apply: degree_growth; apply: degree_ltW. Qed.
End Growth.

Section Real.
Variable R : archiFieldType.
Implicit Types f g : nat -> R.
Lemma climbs f d N : 0 < d -> (forall k, (N <= k)%N -> d <= dif f k) ->
  forall c, ev (fun k => c <= f k).
Proof.
move=> d0 Hd c; have [m Hm] := archi (c - f N) d0; exists (N + m)%N => k kk.
have H n : f N + n%:R * d <= f (N + n)%N.
  elim: n => [|n IH]; first by rewrite mul0r !addn0 addr0.
  by rewrite addnS (difS f) mulrSr mulrDl mul1r addrA ler_add // Hd // leq_addr.
rewrite -(subnKC (leq_trans (leq_addr _ _) kk)); apply: le_trans (H _).
rewrite -ler_subl_addl; apply: le_trans (ltW Hm) _; rewrite ler_pmul2r // ler_nat.
by rewrite leq_subRL // (leq_trans (leq_addr _ _) kk).
Qed.
(* A polynomial is zero, or in the end of one sign and bounded away from zero. *)
Definition trichotomy f := [\/ forall k, f k = 0,
  exists2 d, 0 < d & ev (fun k => d <= f k) | exists2 d, 0 < d & ev (fun k => f k <= - d)].
Lemma trichotomyN f : trichotomy f -> trichotomy (fun k => - f k).
Proof.
move=> [H|[d d0 [N H]]|[d d0 [N H]]].
- by apply: Or31 => k; rewrite H oppr0.
- by apply: Or33; exists d => //; exists N => k /H; rewrite ler_opp2.
- by apply: Or32; exists d => //; exists N => k /H; rewrite ler_oppr.
Qed.
Lemma degree_sign m f : degree_lt m f -> trichotomy f.
Proof.
elim: m f => [|m IH] f Hf; first by apply: Or31 => k; apply: Hf.
have up g : (exists2 d, 0 < d & ev (fun k => d <= dif g k)) ->
    exists2 d, 0 < d & ev (fun k => d <= g k).
  by move=> [d d0 [N HN]]; exists 1 => //; apply: (climbs d0 HN).
have [H|/up H|[d d0 [N H]]] := IH _ ((degree_ltS _ f).1 Hf).
- have cf k : f k = f 0%N by elim: k => // k IHk; rewrite difS H addr0.
  have [f0|f0|f0] := ltrgtP (f 0%N) 0.
  + apply: Or33; exists (- f 0%N); rewrite ?oppr_gt0 //; exists 0%N => k _.
    by rewrite cf opprK.
  + by apply: Or32; exists (f 0%N) => //; exists 0%N => k _; rewrite cf.
  + by apply: Or31 => k; rewrite cf.
- by apply: Or32.
- have [|c c0 [M HM]] := up (fun k => - f k).
    by exists d => //; exists N => k /H; rewrite /dif -opprD ler_oppr.
  by apply: Or33; exists c => //; exists M => k /HM; rewrite ler_oppr.
Qed.
Theorem polynomial_sign f : polynomial_in f -> trichotomy f.
Proof. by move=> [m]; apply: degree_sign. Qed.

Lemma degree_lt_layer : degree_lt 2 (fun k => k%:R : R).
Proof.
apply/degree_ltS/(degree_lt_ext _ (degree_lt_const 1)) => k.
by rewrite /dif mulrSr addrC addKr.
Qed.
Lemma degree_ltM m n f g :
  degree_lt m f -> degree_lt n g -> degree_lt (m + n).-1 (fun k => f k * g k).
Proof. exact: degree_lt_prod (@mulrDl R) (@mulrDr R) _ _ _ _. Qed.
Lemma degree_lt_power n : degree_lt n.+1 (fun k => k.+1%:R ^+ n : R).
Proof.
elim: n => [|n IH]; first exact: (degree_lt_const (1 : R)).
have H : degree_lt 2 (fun k => k.+1%:R : R).
  by apply: (degree_lt_ext _ (degree_lt_shift 1 degree_lt_layer)) => k; rewrite addn1.
by apply: (degree_lt_ext _ (degree_ltM H IH)) => k; rewrite exprS.
Qed.
(* A positive leading coefficient beats every lower power. *)
Lemma lead_gt0 n f : degree_lt n.+2 f -> 0 < difs n.+1 f 0 ->
  forall C, ev (fun k => C * k.+1%:R ^+ n <= f k).
Proof.
elim: n f => [|n IH] f Hf pos C.
  have H k : (0 <= k)%N -> difs 1 f 0 <= dif f k by rewrite -(difs_const k Hf).
  have [M HM] := climbs pos H C; exists M => k /HM; by rewrite mulr1.
have [K HK] := degree_growth ((degree_ltS _ _).1 (degree_lt_power n.+1)).
have [|N HN] := IH _ ((degree_ltS _ f).1 Hf) _ (`|C| * K + 1); first by rewrite -difsS.
have H k : (N <= k)%N -> 1 <= dif (fun h => f h - C * h.+1%:R ^+ n.+1) k.
  move=> /HN Hk; have -> : dif (fun h => f h - C * h.+1%:R ^+ n.+1) k =
    dif f k - C * dif (fun h => h.+1%:R ^+ n.+1) k by rewrite /dif; ring.
  move: (HK k) Hk (layer_ge1 R k n); move: (dif _ k) (dif f k) (_ ^+ n) => x a y Hx Ha y1.
  apply: (le_trans y1); rewrite ler_subr_addl -ler_subr_addr; apply: le_trans (ler_norm _) _.
  rewrite normrM; apply: le_trans (ler_wpmul2l (normr_ge0 C) Hx) _.
  by rewrite ler_subr_addr mulrA -[X in _ + X]mul1r -mulrDl.
have [M HM] := climbs ltr01 H 0; exists M => k /HM; by rewrite subr_ge0.
Qed.

(* Finitely many polynomials: one is the greatest in the end. *)
Definition below f g := (forall k, f k = g k) \/ exists2 d, 0 < d & ev (fun k => f k + d <= g k).
Lemma below_trans f g h : below f g -> below g h -> below f h.
Proof.
move=> [fg|[d d0 [N HN]]] [gh|[c c0 [M HM]]].
- by left=> k; rewrite fg.
- by right; exists c => //; exists M => k /HM; rewrite fg.
- by right; exists d => //; exists N => k /HN; rewrite gh.
right; exists d => //; exists (maxn N M) => k; rewrite geq_max => /andP[/HN H1 /HM H2].
by apply: le_trans H1 (le_trans _ H2); rewrite ler_addl ltW.
Qed.
Lemma below_total f g : polynomial_in f -> polynomial_in g -> below f g \/ below g f.
Proof.
move=> [m Hf] [n Hg]; have Hfg : degree_lt (maxn m n) (fun k => f k - g k).
  by apply: degree_ltB; [apply: (degree_lt_le (leq_maxl _ _))|apply: (degree_lt_le (leq_maxr _ _))].
have [H|[d d0 [N H]]|[d d0 [N H]]] := degree_sign Hfg.
- by left; left=> k; apply/eqP; rewrite -subr_eq0 H.
- by right; right; exists d => //; exists N => k /H; rewrite ler_subr_addl.
- left; right; exists d => //; exists N => k /H.
  by rewrite ler_subl_addr -ler_subl_addl opprK.
Qed.
Lemma best_in_seq (T : eqType) (p : T -> nat -> R) t0 r :
  (forall t, t \in t0 :: r -> polynomial_in (p t)) ->
  exists2 t, t \in t0 :: r & forall x, x \in t0 :: r -> below (p x) (p t).
Proof.
elim: r => [|y r IH] H.
  by exists t0; rewrite ?mem_head // => x; rewrite inE => /eqP->; left.
have sub t : t \in t0 :: r -> t \in [:: t0, y & r].
  by rewrite !inE => /orP[->//|->]; rewrite !orbT.
have [|t tr Ht] := IH; first by move=> t /sub/H.
have yin : y \in [:: t0, y & r] by rewrite !inE eqxx orbT.
have [le|le] := below_total (H y yin) (H t (sub t tr)).
  exists t; first exact: sub.
  move=> x; rewrite !inE => /or3P[x0|/eqP->//|xr]; apply: Ht; rewrite inE ?x0 // xr.
  by rewrite orbT.
exists y => // x; rewrite !inE => /or3P[x0|/eqP->|xr]; first 1 last.
- by left.
- by apply: below_trans le; apply: Ht; rewrite inE xr orbT.
- by apply: below_trans le; apply: Ht; rewrite inE x0.
Qed.

Theorem polynomial_best (T : finType) (P : pred T) (p : T -> nat -> R) t0 :
  (forall t, P t -> polynomial_in (p t)) -> P t0 ->
  exists2 t, P t & forall x, P x -> below (p x) (p t).
Proof.
move=> H P0; have mem : t0 :: [seq x <- enum T | P x] =i P.
  move=> x; rewrite inE mem_filter mem_enum andbT; have [->|//] := eqVneq.
  by rewrite [RHS]P0.
have [t|t tr Ht] := @best_in_seq _ p t0 [seq x <- enum T | P x].
  by rewrite mem => /H.
by exists t => [|x Px]; [rewrite mem in tr|apply: Ht; rewrite mem].
Qed.

(* Exponentials and polynomials. *)
Section Exponential.
Variable x : R.
Hypothesis x01 : 0 < x < 1.
Lemma degree_small m f : degree_lt m f -> small (fun k => `|f k| * x ^+ k).
Proof.
move=> Hf; pose c j := `|difs j f 0|.
have x0 k : 0 <= x ^+ k by case/andP: x01 => x0 _; rewrite exprn_ge0 // ltW.
have H n : small (fun k => \sum_(j < n) c j * ('C(k, j)%:R * x ^+ k)).
  elim: n => [|n IH].
    by move=> e e0; exists 0%N => k _; rewrite big_ord0 ltW.
  apply: small_le (small_add IH (small_scale (normr_ge0 (difs n f 0)) (binom_small x01 n))) => k.
  by rewrite big_ord_recr.
apply: (small_le _ (H m)) => k; rewrite (newton Hf).
apply: le_trans (ler_wpmul2r (x0 k) (ler_norm_sum _ _ _)) _.
rewrite mulr_suml; apply: ler_sum => j _; rewrite normrMn.
by rewrite -[`|_| *+ _]mulr_natr -mulrA.
Qed.
Theorem polynomial_small f : polynomial_in f -> small (fun k => `|f k| * x ^+ k).
Proof. by move=> [m]; apply: degree_small. Qed.
Theorem exppoly_trichotomy p q : polynomial_in p -> polynomial_in q ->
  let f k := p k + x ^+ k * q k in
  [\/ forall k, f k = 0, ev (fun k => 0 < f k) | ev (fun k => f k < 0)].
Proof.
move=> Hp Hq f; have sq := polynomial_small Hq.
have xk k : 0 < x ^+ k by case/andP: x01 => x0 _; rewrite exprn_gt0.
have near d : 0 < d -> ev (fun k => - d < x ^+ k * q k < d).
  move=> d0; have [|N HN] := sq (d / 2%:R); first by rewrite divr_gt0 ?ltr0n.
  exists N => k /HN; rewrite -[X in _ * X]gtr0_norm // -normrM mulrC -ltr_norml.
  by move/le_lt_trans; apply; rewrite ltr_pdivr_mulr ?ltr0n // ltr_pmulr // ltr1n.
have [p0|[d d0 [N HN]]|[d d0 [N HN]]] := polynomial_sign Hp.
- have fE k : f k = x ^+ k * q k by rewrite /f p0 add0r.
  have [q0|[d d0 [N HN]]|[d d0 [N HN]]] := polynomial_sign Hq.
  + by apply: Or31 => k; rewrite fE q0 mulr0.
  + by apply: Or32; exists N => k /HN Hk; rewrite fE mulr_gt0 // (lt_le_trans d0).
  + apply: Or33; exists N => k /HN Hk; rewrite fE pmulr_rlt0 //.
    by apply: le_lt_trans Hk _; rewrite oppr_lt0.
- have [M HM] := near d d0; apply: Or32; exists (maxn N M) => k.
  rewrite geq_max => /andP[/HN Hp' /HM /andP[Hq' _]].
  by rewrite /f -(subrr d) ler_lt_add.
have [M HM] := near d d0; apply: Or33; exists (maxn N M) => k.
rewrite geq_max => /andP[/HN Hp' /HM /andP[_ Hq']].
by rewrite /f -(addNr d) ler_lt_add.
Qed.
Corollary exppoly_sign p q : polynomial_in p -> polynomial_in q ->
  exists s : bool, ev (fun k => (p k + x ^+ k * q k <= 0) = s).
Proof.
move=> Hp Hq; have [H|[N H]|[N H]] := exppoly_trichotomy Hp Hq.
- by exists true, 0%N => k _; rewrite H lexx.
- by exists false, N => k /H Hk; rewrite leNgt Hk.
by exists true, N => k /H/ltW.
Qed.
Corollary exppoly_sign0 p q : polynomial_in p -> polynomial_in q ->
  exists s : bool, ev (fun k => (0 <= p k + x ^+ k * q k) = s).
Proof.
move=> Hp Hq; have [H|[N H]|[N H]] := exppoly_trichotomy Hp Hq.
- by exists true, 0%N => k _; rewrite H lexx.
- by exists true, N => k /H/ltW.
by exists false, N => k /H Hk; rewrite leNgt Hk.
Qed.
End Exponential.

(* Consecutive values have ratio near 1: a polynomial grows and falls more slowly than any power. *)
Lemma slow_growth m f d eps : degree_lt m f -> 0 < d -> ev (fun k => d <= f k) -> 0 < eps ->
  ev (fun k => dif f k <= eps * f k).
Proof.
move=> Hf d0 [N HN] e0; pose g k := eps * f k - dif f k.
have Hg : degree_lt m g.
  apply: degree_ltB; last by apply: (degree_lt_le (leq_pred m)); apply: degree_lt_dif.
  by move=> k; rewrite (difs_prodr (@mulrDr R)) Hf mulr0.
have [H|[c c0 [M H]]|[c c0 [M H]]] := degree_sign Hg.
- by exists 0%N => k _; rewrite -subr_ge0 -/(g k) H.
- by exists M => k /H; rewrite /g => Hk; rewrite -subr_ge0 (le_trans (ltW c0)).
pose P := maxn N M; pose x := (1 + eps)^-1.
have e1 : 0 < 1 + eps by rewrite addr_gt0.
have x01 : 0 < x < 1 by rewrite invr_gt0 e1 invf_lt1 // ltr_addl.
have grow n : (1 + eps) ^+ n * d <= f (P + n)%N.
  elim: n => [|n IH]; first by rewrite mul1r addn0 HN // leq_maxl.
  rewrite addnS (difS f) exprS -mulrA.
  apply: le_trans (_ : (1 + eps) * f (P + n)%N <= _); first by rewrite ler_pmul2l.
  rewrite mulrDl mul1r ler_add2l -subr_le0 -/(g _).
  apply: le_trans (H _ _) _; last by rewrite oppr_le0 ltW.
  by apply: leq_trans (leq_addr _ _); apply: leq_maxr.
have d2 : 0 < d / 2%:R by rewrite divr_gt0 ?ltr0n.
have [Q HQ] := degree_small x01 (degree_lt_shift P Hf) d2.
have := HQ Q (leqnn Q); rewrite addnC leNgt => /negP[].
apply: lt_le_trans (_ : d <= _); first by rewrite ltr_pdivr_mulr ?ltr0n // ltr_pmulr // ltr1n.
have xQ : 0 < x ^+ Q by case/andP: x01 => x0 _; rewrite exprn_gt0.
apply: le_trans (ler_wpmul2r (ltW xQ) (ler_norm _)).
apply: le_trans (ler_wpmul2r (ltW xQ) (grow Q)).
by rewrite mulrAC -exprMn mulfV ?expr1n ?mul1r // gt_eqF.
Qed.
Lemma slow_fall m f d eps : degree_lt m f -> 0 < d -> ev (fun k => d <= f k) -> 0 < eps ->
  ev (fun k => - (eps * f k) <= dif f k).
Proof.
move=> Hf d0 [N HN] e0; pose g k := eps * f k + dif f k.
have Hg : degree_lt m g.
  apply: degree_ltD; last by apply: (degree_lt_le (leq_pred m)); apply: degree_lt_dif.
  by move=> k; rewrite (difs_prodr (@mulrDr R)) Hf mulr0.
have ge0 k : (0 <= g k) = (- (eps * f k) <= dif f k) by rewrite -ler_subl_addl sub0r.
have [H|[c c0 [M H]]|[c c0 [M H]]] := degree_sign Hg.
- by exists 0%N => k _; rewrite -ge0 H.
- by exists M => k /H Hk; rewrite -ge0 (le_trans (ltW c0)).
have ed : 0 < eps * d by rewrite mulr_gt0.
have [|Q HQ] := @climbs (fun k => - f k) _ (maxn N M) ed _ 0.
  move=> k; rewrite geq_max => /andP[Nk Mk].
  have -> : dif (fun h => - f h) k = - dif f k by rewrite /dif opprD.
  apply: le_trans (_ : eps * f k <= _); first by rewrite ler_pmul2l ?HN.
  rewrite ler_oppr -subr_le0 opprK addrC -/(g k).
  by apply: le_trans (H k Mk) _; rewrite oppr_le0 ltW.
exfalso; have := HQ _ (leq_maxl Q N); rewrite oppr_ge0 leNgt => /negP[].
by apply: lt_le_trans (HN _ (leq_maxr Q N)).
Qed.
Theorem polynomial_ratio f d : polynomial_in f -> 0 < d -> ev (fun k => d <= f k) ->
  tends (fun k => f k.+1 / f k) 1.
Proof.
move=> [m Hf] d0 Hd eps e0.
have [N HN] := ev_and (ev_and (slow_growth Hf d0 Hd e0) (slow_fall Hf d0 Hd e0)) Hd.
exists N => k /HN[[H1 H2] H3]; have f0 : 0 < f k by apply: lt_le_trans H3.
have -> : f k.+1 / f k - 1 = dif f k / f k.
  by rewrite /dif mulrBl mulfV // gt_eqF.
by rewrite ler_norml ler_pdivl_mulr // ler_pdivr_mulr // mulNr H1 H2.
Qed.
End Real.
