(******************************************************************************)
(* A closed form that is positive for all large t passes the test of          *)
(* `dominant_term` at all large T; over an archimedean field. Closed forms    *)
(* are lists f of terms c C(t,j) x^(e t), 0 < x < 1, as in ClosedForm.v.      *)
(*                                                                            *)
(*   before p q         of two terms (e, j), p is the greater one in the end: *)
(*                      its e is less, or e is equal and its j is greater     *)
(*   dominates_at x f m T   the hypotheses of `dominant_term` on the term m   *)
(*                      of f at T                                             *)
(*                                                                            *)
(*   ev_in              finitely many statements that hold for all large t    *)
(*   term_negligible    a later term is at most eps times an earlier one in   *)
(*                      the end                                               *)
(*   rest_negligible    so are finitely many later ones together              *)
(*   first_term         the first term with a coefficient that is not 0       *)
(*   dominant_complete  if f > 0 for all large t, its first term dominates    *)
(*                      the others at all large T                             *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory Converge ClosedForm Limits Criterion.
From Hardmax Require Import InTheEnd Polynomials.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Definition before (p q : nat * nat) := ((p.1 < q.1) || (p.1 == q.1) && (q.2 < p.2))%N.
Lemma before_trans p q r : before p q -> before q r -> before p r.
Proof.
rewrite /before => /orP[pq|/andP[/eqP-> pq]] /orP[qr|/andP[/eqP<- qr]].
- by rewrite (ltn_trans pq qr).
- by rewrite pq.
- by rewrite qr.
by rewrite eqxx (ltn_trans qr pq) orbT.
Qed.
Lemma before_total p q : [\/ before p q, p = q | before q p].
Proof.
case: p q => [a c] [a' c']; rewrite /before /=.
have [|ne|->] := ltngtP a a'; first by constructor 1.
  by constructor 3.
have [lt|lt|->] := ltngtP c c'; first by constructor 3.
  by constructor 1.
by constructor 2.
Qed.
Lemma ev_in (T : eqType) (r : seq T) (P : T -> nat -> Prop) :
  (forall x, x \in r -> ev (P x)) -> ev (fun t => forall x, x \in r -> P x t).
Proof.
elim: r => [|y r IH] H; first by exists 0%N.
have [|N HN] := IH; first by move=> x xr; apply: H; rewrite inE xr orbT.
have [M HM] := H y (mem_head _ _); exists (maxn N M) => k.
by rewrite geq_max => /andP[/HN Hr /HM Hy] x; rewrite inE => /orP[/eqP->|/Hr].
Qed.

Section Dominance.
Variables (R : archiFieldType) (x : R).
Hypothesis x01 : 0 < x < 1.
Local Notation term := (R * (nat * nat))%type.
Implicit Types (f g : seq term) (m : term) (eps : R).
Local Notation u := (u x).
Let x0 : 0 < x. Proof. by case/andP: x01. Qed.
Let x1 : 0 < x <= 1. Proof. by case/andP: x01 => ? /ltW ->; rewrite andbT. Qed.
Let pow01 e : (0 < e)%N -> 0 < x ^+ e < 1.
Proof. by move=> e1; case/andP: x01 => a c; rewrite exprn_gt0 //= exprn_ilt1 ?ltW // -lt0n. Qed.

Lemma difs_binom (c : R) j k : difs j (fun t => c *+ 'C(t, j)) k = c.
Proof.
elim: j k => [|j IH] k; first by rewrite /= bin0.
rewrite difsS -[RHS](IH k); apply: difs_ext => t.
by rewrite /dif binS mulrnDr addrC addKr.
Qed.
Lemma binom_negligible j j0 eps : (j < j0)%N -> 0 < eps ->
  ev (fun t => 'C(t, j)%:R <= eps * 'C(t, j0)%:R).
Proof.
case: j0 => // n jn e0.
have [K HK] := growth_le (jn : (j <= n)%N) (degree_growth (degree_lt_binom (1 : R) j)).
have [|N HN] := lead_gt0 (degree_lt_binom eps n.+1) _ K; first by rewrite difs_binom.
exists N => t /HN Ht; rewrite mulr_natr; apply: le_trans Ht; apply: le_trans (HK t).
exact: ler_norm.
Qed.
Lemma term_negligible p q eps : before p q -> 0 < eps ->
  ev (fun t => u q.1 q.2 t <= eps * u p.1 p.2 t).
Proof.
case: p q => [e0 j0] [e j] /orP[/= lt|/andP[/= /eqP-> lt]] eps0; last first.
  have [N HN] := binom_negligible lt eps0; exists N => t /HN H.
  by rewrite /u mulrA ler_wpmul2r ?exprn_ge0 ?(ltW x0).
have y01 : 0 < x ^+ (e - e0) < 1 by rewrite pow01 ?subn_gt0.
have [N HN] := binom_small y01 j eps0; exists (maxn N j0) => t.
rewrite geq_max => /andP[/HN H jt]; rewrite /u -(subnK (ltnW lt)) mulnDl exprD mulrA exprM.
apply: le_trans (ler_wpmul2r _ H) _; first by rewrite exprn_ge0 ?(ltW x0).
by rewrite ler_pmul2l // ler_pemull ?exprn_ge0 ?(ltW x0) // ler1n bin_gt0.
Qed.

Definition size_at g t := \sum_(m <- g) `|m.1| * u m.2.1 m.2.2 t.
Lemma rest_negligible p g eps : {in g, forall m, m.1 = 0 \/ before p m.2} -> 0 < eps ->
  ev (fun t => size_at g t <= eps * u p.1 p.2 t).
Proof.
elim: g eps => [|m g IH] eps H e0.
  by exists 0%N => t _; rewrite /size_at big_nil mulr_ge0 ?u_ge0 ?(ltW e0).
have e2 : 0 < eps / 2%:R by rewrite divr_gt0 ?ltr0n.
have [|N HN] := IH _ _ e2; first by move=> h hg; apply: H; rewrite inE hg orbT.
have [M HM] : ev (fun t => `|m.1| * u m.2.1 m.2.2 t <= eps / 2%:R * u p.1 p.2 t).
  have [->|pm] := H m (mem_head _ _).
    by exists 0%N => t _; rewrite normr0 mul0r mulr_ge0 ?u_ge0 ?(ltW e2).
  have c0 : 0 < `|m.1| + 1 by rewrite ltr_paddl.
  have [M HM] := term_negligible pm (divr_gt0 e2 c0); exists M => t /HM Ht.
  apply: le_trans (ler_wpmul2l (normr_ge0 _) Ht) _; rewrite mulrA ler_wpmul2r ?u_ge0 //.
  by rewrite mulrA ler_pdivr_mulr // mulrC ler_pmul2l // ler_addl ler01.
exists (maxn N M) => t; rewrite geq_max => /andP[/HN Hg /HM Hm].
by rewrite /size_at big_cons (splitr eps) mulrDl; apply: ler_add Hm Hg.
Qed.
Lemma first_term f : (forall m, m \in f -> m.1 = 0) \/
  exists m0, [/\ m0 \in f, m0.1 != 0 &
    {in f, forall m, [\/ m.1 = 0, m.2 = m0.2 | before m0.2 m.2]}].
Proof.
elim: f => [|h f [all0|[m0 [mf m0n H]]]]; first by left.
  have [h0|h0] := eqVneq h.1 0; [left|right; exists h].
    by move=> m; rewrite inE => /orP[/eqP->|/all0].
  split=> [||m]; rewrite ?mem_head //.
  by rewrite inE => /orP[/eqP->|/all0]; [constructor 2|constructor 1].
right; have old : m0 \in h :: f by rewrite inE mf orbT.
have [h0|h0] := eqVneq h.1 0.
  exists m0; split=> // m; rewrite inE => /orP[/eqP->|]; [by constructor 1|exact: H].
have [b0|b0|b0] := before_total m0.2 h.2.
- exists m0; split=> // m; rewrite inE => /orP[/eqP->|]; [by constructor 3|exact: H].
- exists m0; split=> // m; rewrite inE => /orP[/eqP->|]; [by constructor 2|exact: H].
exists h; split; rewrite ?mem_head // => m; rewrite inE => /orP[/eqP->|/H[]].
- by constructor 2.
- by constructor 1.
- by move->; constructor 3.
by move/(before_trans b0); constructor 3.
Qed.

Definition dominates_at f m0 T := [/\ 0 < m0.1, (m0.2.2 <= T)%N,
  {in f, forall m, m.1 < 0 -> (m0.2.1 <= m.2.1)%N /\
     (T.+1%:R - m0.2.2%:R) * x ^+ (m.2.1 - m0.2.1) <= T.+1%:R - m.2.2%:R} &
  0 < m0.1 * u m0.2.1 m0.2.2 T + \sum_(m <- f | m.1 < 0) m.1 * u m.2.1 m.2.2 T].
Lemma falls_in_the_end p q : before p q ->
  ev (fun T => (p.1 <= q.1)%N /\ (T.+1%:R - p.2%:R) * x ^+ (q.1 - p.1) <= T.+1%:R - q.2%:R).
Proof.
case/orP=> [lt|/andP[/eqP E lt]]; last first.
  exists 0%N => T _; rewrite E subnn expr0 mulr1 leqnn; split=> //.
  by rewrite ler_add2l ler_opp2 ler_nat ltnW.
have /andP[y0 y1] : 0 < x ^+ (q.1 - p.1) < 1 by rewrite pow01 ?subn_gt0.
have y1' : 0 < 1 - x ^+ (q.1 - p.1) by rewrite subr_gt0.
have [N HN] := archi q.2%:R y1'; exists N => T NT; split; first exact: ltnW.
apply: le_trans (_ : T.+1%:R * x ^+ (q.1 - p.1) <= _).
  by rewrite ler_pmul2r // ler_subl_addr ler_addl ler0n.
rewrite ler_subr_addr -ler_subr_addl -[X in X - _]mulr1 -mulrBr; apply: le_trans (ltW HN) _.
by rewrite ler_pmul2r // ler_nat ltnW.
Qed.
Theorem dominant_complete f : uniq [seq m.2 | m <- f] -> ev (fun t => 0 < ClosedForm.ev x f t) ->
  exists2 m0, m0 \in f & ev (dominates_at f m0).
Proof.
move=> uf [N HN]; have [all0|[m0 [mf m0n H]]] := first_term f.
  have := HN N (leqnn N); rewrite /ClosedForm.ev big_seq big1 ?ltxx // => m /all0 ->.
  exact: mul0r.
pose g := rem m0 f; have pf : perm_eq f (m0 :: g) := perm_to_rem mf.
have /andP[new _] : (m0.2 \notin [seq m.2 | m <- g]) && uniq [seq m.2 | m <- g].
  by rewrite -/(uniq (m0.2 :: _)) -(perm_uniq (perm_map snd pf)).
have later m : m \in g -> m.1 = 0 \/ before m0.2 m.2.
  move=> mg; have mf' : m \in f by rewrite (perm_mem pf) inE mg orbT.
  have [|E|] := H m mf'; [by left| |by right].
  by case/negP: new; rewrite -E; apply: map_f.
have c0 : 0 < m0.1.
  rewrite lt_neqAle eq_sym m0n leNgt; apply/negP => neg.
  have e0 : 0 < - m0.1 / 2%:R by rewrite divr_gt0 ?oppr_gt0 ?ltr0n.
  have [M HM] := rest_negligible later e0; pose t := maxn (maxn N M) m0.2.2.
  have /andP[/andP[Nt Mt] jt] : ((N <= t) && (M <= t) && (m0.2.2 <= t))%N.
    by rewrite /t !leq_max !leqnn !orbT.
  have u0 : 0 < u m0.2.1 m0.2.2 t := u_gt0 x1 _ jt.
  have := HN t Nt; apply/negP; rewrite -leNgt /ClosedForm.ev (perm_big _ pf) big_cons /=.
  apply: le_trans (_ : m0.1 * u m0.2.1 m0.2.2 t + size_at g t <= _).
    by rewrite ler_add2l ler_sum // => m _; rewrite ler_wpmul2r ?u_ge0 ?ler_norm.
  apply: le_trans (ler_add (lexx _) (HM t Mt)) _; rewrite -mulrDl pmulr_lle0 //.
  by rewrite mulNr {1}(splitr m0.1) addrK pmulr_lle0 ?invr_gt0 ?ltr0n // ltW.
have e0 : 0 < m0.1 / 2%:R by rewrite divr_gt0 ?ltr0n.
have [M HM] := rest_negligible later e0.
have [P HP] : ev (fun T => forall m, m \in g -> m.1 < 0 -> (m0.2.1 <= m.2.1)%N /\
    (T.+1%:R - m0.2.2%:R) * x ^+ (m.2.1 - m0.2.1) <= T.+1%:R - m.2.2%:R).
  apply: ev_in => m /later[->|/falls_in_the_end[P HP]]; first by exists 0%N => T _; rewrite ltxx.
  by exists P => T /HP.
exists m0 => //; exists (maxn (maxn M P) m0.2.2) => T; rewrite !geq_max.
case/andP=> /andP[/HM Hsize /HP Hfalls] jT; split=> // [m|].
  rewrite (perm_mem pf) inE => /orP[/eqP->|/Hfalls //].
  by rewrite ltNge ltW.
have u0 : 0 < u m0.2.1 m0.2.2 T := u_gt0 x1 _ jT.
apply: lt_le_trans (_ : m0.1 * u m0.2.1 m0.2.2 T - size_at g T <= _).
  rewrite subr_gt0; apply: le_lt_trans Hsize _; rewrite ltr_pmul2r // ltr_pdivr_mulr ?ltr0n //.
  by rewrite ltr_pmulr // ltr1n.
rewrite ler_add2l (perm_big _ pf) big_cons ltNge (ltW c0) /= big_mkcond /= -sumrN ler_sum // => m _.
have um := u_ge0 x1 m.2.1 m.2.2 T; case: ifP => m1; last by rewrite oppr_le0 mulr_ge0.
by rewrite -mulNr ler_wpmul2r // ltr0_norm // opprK.
Qed.
End Dominance.
