(* Greedy sums of polynomials: the polynomials in use agree in one degree more.

   u(k+1) = u(k) + alpha E_s(k), where s = sg(k) maximises <u(k), E_t(k)> over t, and only
   indices that are used infinitely often occur. agree p says that E_t - E_s has degree < p for
   all s, t in use; agree_less derives agree p from agree p.+1.

   Let base be a polynomial with base(k+1) - base(k) = alpha E_0(k), where E_0 is the first
   polynomial in use, rest_t = E_t - E_0 (degree <= p), v = u - base, D = E_t - E_s, q = 2p.

     vS, v_growth, v_degree   v(k+1) = v(k) + alpha rest_s(k); so <v, x> = O(k^(p+1)), and
                              <v, polynomial of degree < m> = O(k^(p+m))
     psi, f                   psi = <u, D> = <v, D> + f,  f = <base, D>
     pair_step                k psi(k+1) = (k+p) psi(k) + F(k) + err(k)  where s = sg(k), with
                              F = (p+1) f + alpha k <rest_s, D>
     f_lead, f_degree         f has degree <= q+1: otherwise s or t would lose in the end
     err_growth               err = O(k^q), as k dif D - p D has degree < p
     F_lead                   if t follows s infinitely often then psi(k) <= 0 <= psi(k+1) there,
                              so F >= - O(k^q): the coefficient of F in degree q+1 is >= 0
     H, h, score_gap          H_t = 2(p+1) <base, rest_t> + alpha k |rest_t|^2 has
                              H_t - H_s = 2 F + alpha k |D|^2;  h = its coefficient, up to (q+1)!
     score_step               h never falls, and rises unless D has degree < p
     agree_less               h takes finitely many values, so it is constant in the end *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory Converge Reduction Polynomials Recurrence.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Step.
Variables (R : archiFieldType) (V : lmodType R) (b : form V) (alpha : R).
Hypotheses (alpha_gt0 : 0 < alpha) (bC : symmetric_form b) (b_pd : posdef b).
Hypothesis em : forall P : Prop, P \/ ~ P.
Variables (T : finType) (E : T -> nat -> V) (u : nat -> V) (sg : nat -> T).
Hypothesis uS : forall k, u k.+1 = u k + alpha *: E (sg k) k.
Hypothesis greedy : forall k t, b (u k) (E t k) <= b (u k) (E (sg k) k).
Hypothesis recurrent : forall k, often sg (sg k).
Let used t := often sg t.
Definition agree p := forall s t, used s -> used t -> degree_lt p (fun k => E t k - E s k).

Variable p : nat.
Hypothesis agree_p : agree p.+1.
Variables (base : nat -> V).
Hypothesis base_poly : polynomial_in base.
Hypothesis baseS : forall k, base k.+1 = base k + alpha *: E (sg 0%N) k.
Let rest t k := E t k - E (sg 0%N) k.
Let v k := u k - base k.
Let q := (p + p)%N.
Lemma rest_degree t : used t -> degree_lt p.+1 (rest t).
Proof. by move=> ut; apply: agree_p => //; apply: recurrent. Qed.

Lemma vS k : v k.+1 = v k + alpha *: rest (sg k) k.
Proof. by rewrite /v uS baseS opprD addrACA -scalerBr. Qed.
Lemma v_growth x : growth p.+1 (fun k => b (v k) x).
Proof.
apply: growth_dif; apply: (@growth_ext _ _ (fun k => alpha * b (rest (sg k) k) x)).
  by move=> k; rewrite /dif vS; move: (v k) (rest _ k) => y r; rewrite dotDl dotZl addrC addKr.
apply: growthZ; have bound t : exists C, used t ->
    forall k, `|b (rest t k) x| <= C * k.+1%:R ^+ p.
  have [ut|nt] := em (used t); last by exists 0.
  have H : degree_lt p.+1 (fun k => b (rest t k) x).
    by move=> k; rewrite (difs_prodl (dotDl b)) (rest_degree ut) dot0l.
  by have [C HC] := degree_growth H; exists C.
have [C HC] := fin_all_exists bound; exists (\sum_t `|C t|) => k.
apply: le_trans (HC _ (recurrent k) k) _; rewrite ler_wpmul2r ?exprn_ge0 //.
apply: le_trans (ler_norm _) _; rewrite (bigD1 (sg k)) //= ler_addl.
by apply: sumr_ge0.
Qed.
Lemma v_degree m D : degree_lt m D -> growth (p + m) (fun k => b (v k) (D k)).
Proof.
move=> HD; apply: (@growth_ext _ _
  (fun k => \sum_(j < m) b (v k) (difs j D 0) * (1 *+ 'C(k, j)))).
  move=> k; rewrite (newton HD) dot_sumr; apply: eq_bigr => j _.
  by rewrite -scaler_nat dotZr mulrC.
apply: growth_sum => j _; apply: (@growth_le _ (p.+1 + j)); first by rewrite addSnnS leq_add2l.
by apply: growthM; [apply: v_growth|apply: degree_growth; apply: degree_lt_binom].
Qed.

(* One pair of indices: s at a layer, t at the next. *)
Let D s t k := E t k - E s k.
Let psi s t k := b (u k) (D s t k).
Let f s t k := b (base k) (D s t k).
Let F s t k := p.+1%:R * f s t k + alpha * (k%:R * b (rest s k) (D s t k)).
Let err s t k := b (v k) (dif (D s t) k *+ k - D s t k *+ p)
  + (dif (f s t) k *+ k - f s t k *+ q.+1) + alpha * (k%:R * b (rest s k) (dif (D s t) k)).
Lemma pair_step s t k : sg k = s ->
  k%:R * psi s t k.+1 = (k + p)%:R * psi s t k + F s t k + err s t k.
Proof.
move=> ks; have uE h : u h = v h + base h by rewrite subrK.
have -> : psi s t k = b (v k) (D s t k) + f s t k by rewrite /psi uE dotDl.
have -> : psi s t k.+1 = b (v k) (D s t k) + b (v k) (dif (D s t) k)
    + alpha * (b (rest s k) (D s t k) + b (rest s k) (dif (D s t) k)) + (f s t k + dif (f s t) k).
  rewrite /psi uE dotDl -/(f s t k.+1) (difS (f s t)) vS ks (difS (D s t)).
  by move: (rest s k) (v k) (D s t k) (dif (D s t) k) => r y d e; rewrite dotDl dotZl !dotDr.
rewrite /F /err; have -> : b (v k) (dif (D s t) k *+ k - D s t k *+ p) =
    k%:R * b (v k) (dif (D s t) k) - p%:R * b (v k) (D s t k).
  move: (v k) (D s t k) (dif (D s t) k) => y d e.
  by rewrite dotDr dotNr -!scaler_nat !dotZr.
move: (f s t k) (dif (f s t) k) (b (v k) _) (b (v k) _) (b (rest s k) _) (b (rest s k) _).
move=> F0 F1 x y z t'; rewrite -[F1 *+ k]mulr_natl -[F0 *+ _]mulr_natl /q !mulrSr !natrD.
ring.
Qed.
Lemma psi_le0 s t k : sg k = s -> psi s t k <= 0.
Proof. by move=> ks; rewrite /psi /D dotBr subr_le0 -ks greedy. Qed.
Lemma psi_ge0 s t k : sg k = t -> 0 <= psi s t k.
Proof. by move=> kt; rewrite /psi /D dotBr subr_ge0 -kt greedy. Qed.
Lemma D_degree s t : used s -> used t -> degree_lt p.+1 (D s t).
Proof. exact: agree_p. Qed.
(* The products with the base agree above degree 2p + 1. *)
Lemma f_lead s t n : used s -> used t -> (q.+1 <= n)%N -> degree_lt n.+2 (f s t) ->
  difs n.+1 (f s t) 0 <= 0.
Proof.
move=> us ut qn Hf; rewrite leNgt; apply/negP => pos.
have [C HC] := v_degree (D_degree us ut).
have [N HN] := lead_gt0 Hf pos (`|C| + 1); have [k Nk ks] := us N.
have := psi_le0 t ks; rewrite leNgt => /negP[].
have uE : u k = v k + base k by rewrite subrK.
have -> : psi s t k = b (v k) (D s t k) + f s t k by rewrite /psi uE dotDl.
have k1 : k.+1%:R ^+ (p + p.+1) <= k.+1%:R ^+ n :> R by rewrite ler_weexpn2l ?ler1n // addnS.
move: (b (v k) _) (f s t k) (HC k) (HN k Nk) => x y Hx Hy.
rewrite -ltr_subl_addl sub0r; apply: lt_le_trans Hy.
apply: le_lt_trans (_ : `|C| * k.+1%:R ^+ n < _); last first.
  by rewrite mulrDl mul1r ltr_addl exprn_gt0 ?ltr0n.
apply: le_trans (ler_norm _) _; rewrite normrN; apply: (le_trans Hx).
apply: le_trans (ler_wpmul2r _ (ler_norm C)) _; first by rewrite exprn_ge0.
by rewrite ler_wpmul2l.
Qed.
Lemma f_degree s t : used s -> used t -> degree_lt q.+2 (f s t).
Proof.
move=> us ut.
have [m Hm] : polynomial_in (f s t).
  by apply: polynomial_dot base_poly _; exists p.+1; apply: D_degree.
have : degree_lt (q.+2 + m) (f s t) by apply: degree_lt_le Hm; rewrite leq_addl.
elim: m {Hm} => [|m IH]; first by rewrite addn0.
rewrite addnS => H; apply: IH; apply: (degree_lt_lower H).
have E1 k : f t s k = - f s t k by rewrite /f -dotNr opprB.
apply: le_anti; rewrite f_lead ?leq_addr // andTb.
rewrite -oppr_le0 -difsN -(difs_ext _ E1); apply: f_lead => //; first exact: leq_addr.
by apply: degree_lt_ext (degree_ltN H).
Qed.
Lemma rest_prod s m d (g : nat -> V) : used s -> degree_lt d g -> (p + d = m)%N ->
  degree_lt m.+1 (fun k => k%:R * b (rest s k) (g k)).
Proof.
move=> us Hg <-; have H := degree_lt_prod (dotDl b) (dotDr b) (rest_degree us) Hg.
by have := degree_ltM (degree_lt_layer R) H; rewrite addSn.
Qed.
Lemma F_degree s t : used s -> used t -> degree_lt q.+2 (F s t).
Proof.
move=> us ut; apply: degree_ltD => k; rewrite (difs_prodr (@mulrDr R)).
  by rewrite f_degree // mulr0.
by rewrite (rest_prod us (D_degree us ut)) ?mulr0 // addnS.
Qed.
Lemma err_growth s t : used s -> used t -> growth q (err s t).
Proof.
move=> us ut; apply: growthD; first apply: growthD.
- apply: v_degree; exact: degree_lt_euler (D_degree us ut).
- apply: degree_growth; exact: degree_lt_euler (f_degree us ut).
apply: growthZ; apply: degree_growth; apply: (rest_prod us _ erefl).
exact: (degree_ltS _ (D s t)).1 (D_degree us ut).
Qed.
(* Pairs that follow each other again and again. *)
Lemma F_lead s t : used s -> used t -> often (fun k => (sg k, sg k.+1)) (s, t) ->
  0 <= difs q.+1 (F s t) 0.
Proof.
move=> us ut st; rewrite leNgt; apply/negP; rewrite -oppr_gt0 -difsN => pos.
have [C HC] := err_growth us ut.
have [N HN] := lead_gt0 (degree_ltN (F_degree us ut)) pos (C + 1).
have [k Nk [ks kt]] := st N; have := pair_step t ks.
have lhs : 0 <= k%:R * psi s t k.+1 by rewrite mulr_ge0 ?ler0n // psi_ge0.
move=> eq; move: lhs; rewrite {}eq leNgt => /negP[].
have := mulr_ge0_le0 (ler0n R (k + p)) (psi_le0 t ks); move: (_ * psi s t k) => z z0.
move: (HN k Nk) (HC k); move: (F s t k) (err s t k) => x y Hx Hy.
rewrite -addrA; apply: le_lt_trans (_ : x + y < 0); first by rewrite ger_addr.
rewrite -ltr_subr_addl sub0r; apply: le_lt_trans (ler_norm _) _; apply: (le_lt_trans Hy).
by apply: lt_le_trans Hx; rewrite mulrDl mul1r ltr_addl exprn_gt0 ?ltr0n.
Qed.
(* The score that grows: its leading coefficient. *)
Let H t k := 2%:R * p.+1%:R * b (base k) (rest t k) + alpha * (k%:R * sq b (rest t k)).
Let h t := difs q.+1 (H t) 0.
Lemma score_gap s t k :
  H t k - H s k = 2%:R * F s t k + alpha * (k%:R * b (D s t k) (D s t k)).
Proof.
have tE : rest t k = rest s k + D s t k by rewrite /rest /D [RHS]addrC addrA subrK.
rewrite /H /F /f tE (sqD bC) dotDr /sq; move: (b _ _) (b _ _) (b _ _) (b _ _) (b _ _) => a c d e g.
ring.
Qed.
Lemma lead_square s t : used s -> used t ->
  difs q.+1 (fun k => k%:R * b (D s t k) (D s t k)) 0 =
  sq b (difs p (D s t) 0) *+ ('C(q, p) * q.+1).
Proof.
move=> us ut; have HD := D_degree us ut.
have HDD : degree_lt q.+1 (fun k => b (D s t k) (D s t k)).
  by have := degree_lt_prod (dotDl b) (dotDr b) HD HD; rewrite addSn addnS.
have := difs_prod (@mulrDl R) (@mulrDr R) (degree_lt_layer R) HDD; rewrite add1n bin1 => ->.
rewrite (difs_prod (dotDl b) (dotDr b) HD HD) /sq mulrnA /difs /= {1}/dif subr0 mul1r.
by [].
Qed.
Lemma score_step s t : used s -> used t -> often (fun k => (sg k, sg k.+1)) (s, t) ->
  h s <= h t /\ (h t <= h s -> difs p (D s t) 0 = 0).
Proof.
move=> us ut st; have F0 := F_lead us ut st.
have gap : h t - h s = 2%:R * difs q.+1 (F s t) 0 +
    alpha * (sq b (difs p (D s t) 0) *+ ('C(q, p) * q.+1)).
  rewrite /h -lead_square // -!(difs_prodr (@mulrDr R)) -difsN -!difsD.
  by apply: difs_ext => k; rewrite score_gap.
have n0 : (0 < 'C(q, p) * q.+1)%N by rewrite muln_gt0 bin_gt0 leq_addr.
have sq0 := sq_ge0 b_pd (difs p (D s t) 0).
have a0 : 0 <= alpha * (sq b (difs p (D s t) 0) *+ ('C(q, p) * q.+1)).
  by rewrite mulr_ge0 ?(ltW alpha_gt0) // mulrn_wge0.
have f0 : 0 <= 2%:R * difs q.+1 (F s t) 0 by rewrite mulr_ge0 ?ler0n.
split; first by rewrite -subr_ge0 gap addr_ge0.
rewrite -subr_le0 gap => le0; apply/eqP; rewrite -(sq_eq0 b_pd) eq_le sq0 andbT.
have : alpha * (sq b (difs p (D s t) 0) *+ ('C(q, p) * q.+1)) <= 0.
  by apply: le_trans le0; rewrite ler_addr.
by rewrite pmulr_rle0 // pmulrn_lle0.
Qed.
Theorem agree_less : agree p.
Proof.
have [N HN] := often_ev em (fun k => (sg k, sg k.+1)).
have mono k : (N <= k)%N -> h (sg k) <= h (sg k.+1).
  by move=> /HN Hk; apply: (score_step _ _ Hk).1; apply: recurrent.
have [M HM] := mono_fin em mono.
have same k : (maxn N M <= k)%N -> difs p (E (sg k.+1)) 0 = difs p (E (sg k)) 0.
  rewrite geq_max => /andP[/HN Nk Mk]; have [_ Hd] := score_step (recurrent k) (recurrent k.+1) Nk.
  apply/eqP; rewrite -subr_eq0 -difsN -difsD; apply/eqP; apply: Hd.
  by rewrite (HM k.+1 (leqW Mk)) (HM k Mk).
pose K := maxn N M; have all k : (K <= k)%N -> difs p (E (sg k)) 0 = difs p (E (sg K)) 0.
  move=> /subnKC <-; elim: (k - K)%N => [|n IH]; first by rewrite addn0.
  by rewrite addnS same ?IH // leq_addr.
have lead t : used t -> difs p (E t) 0 = difs p (E (sg K)) 0.
  by move=> /(_ K)[k Kk <-]; apply: all.
move=> s t us ut; apply: (degree_lt_lower (agree_p us ut)).
by rewrite difsD difsN !lead // subrr.
Qed.
End Step.
