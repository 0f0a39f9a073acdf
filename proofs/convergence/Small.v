(* Sequences that become small, in an archimedean field.

   small u              for every e > 0, u_k <= e from some k on

   small_le small_add small_scale   smaller sequences, sums, multiples
   archi                for d > 0 some multiple m d exceeds c
   expr_small           q^k becomes small, for 0 <= q < 1
   grows_small          a bounded sequence that grows varies little in the end. This is the only
                        step that uses excluded middle, which is its hypothesis em *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Small.
Variable R : archiFieldType.
Implicit Types (u v : nat -> R) (e : R).
Definition small u := forall e, 0 < e -> exists N, forall k, (N <= k)%N -> u k <= e.
Lemma small_le u v : (forall k, u k <= v k) -> small v -> small u.
Proof. by move=> H sv e /sv[N HN]; exists N => k /HN; apply: le_trans. Qed.
Lemma small_add u v : small u -> small v -> small (fun k => u k + v k).
Proof.
move=> su sv e e0; have e2 : 0 < e / 2%:R by rewrite divr_gt0 ?ltr0n.
have [[N HN] [M HM]] := (su _ e2, sv _ e2); exists (maxn N M) => k.
by rewrite geq_max => /andP[/HN uk /HM vk]; rewrite (splitr e) ler_add.
Qed.
Lemma small_scale c u : 0 <= c -> small u -> small (fun k => c * u k).
Proof.
move=> c0 su e e0; have c1 : 0 < c + 1 by rewrite ltr_paddl ?ltr01.
have [|N HN] := su (e / (c + 1)); first by rewrite divr_gt0.
exists N => k /HN H; apply: le_trans (ler_wpmul2l c0 H) _.
by rewrite mulrA ler_pdivr_mulr // mulrC ler_pmul2l // ler_addl ler01.
Qed.
Lemma archi (c d : R) : 0 < d -> exists m : nat, c < m%:R * d.
Proof.
move=> d0.
exists (Num.bound (`|c| / d)); have := archi_boundP (divr_ge0 (normr_ge0 c) (ltW d0)).
by rewrite ltr_pdivr_mulr //; apply: le_lt_trans (ler_norm c).
Qed.
Lemma expr_small q : 0 <= q < 1 -> small (fun k => q ^+ k).
Proof.
case/andP=> q0 q1 e e0; have q1' : 0 < 1 - q by rewrite subr_gt0.
have [m Hm] := archi 1 (mulr_gt0 q1' e0); exists m => k mk.
suff H : q ^+ m <= e by apply: le_trans H; rewrite ler_wiexpn2l // ltW.
rewrite leNgt; apply/negP => qm; suff: q ^+ m <= 1 - m%:R * ((1 - q) * e).
  apply/negP; rewrite -ltNge; apply: lt_le_trans (exprn_ge0 m q0).
  by rewrite subr_lt0.
have: forall p, (p <= m)%N -> q ^+ p <= 1 - p%:R * ((1 - q) * e); last exact.
elim=> [|p IH] pm; first by rewrite expr0 mul0r subr0.
have qp : e <= q ^+ p.
  by apply: le_trans (ltW qm) _; rewrite ler_wiexpn2l ?(ltnW pm) // ltW.
have -> : q ^+ p.+1 = q ^+ p - (1 - q) * q ^+ p by rewrite exprS; ring.
have -> : 1 - p.+1%:R * ((1 - q) * e) = 1 - p%:R * ((1 - q) * e) - (1 - q) * e.
  by rewrite mulrSr; ring.
by rewrite ler_add ?IH ?(ltnW pm) // ler_opp2 ler_pmul2l.
Qed.

(* The only classical step: a bounded sequence that grows has small increments. *)
Hypothesis em : forall P : Prop, P \/ ~ P.
Lemma grows_small u B : (forall k, u k <= u k.+1) -> (forall k, u k <= B) ->
  forall e, 0 < e -> exists N, forall k l, (N <= k)%N -> (k <= l)%N -> u l - u k <= e.
Proof.
move=> mono bnd e e0.
have le_u k l : (k <= l)%N -> u k <= u l.
  by move=> /subnK <-; elim: (l - k)%N => // p IH; rewrite addSn; apply: le_trans (mono _).
have [//|no] := em (exists N, forall k l, (N <= k)%N -> (k <= l)%N -> u l - u k <= e).
have jump N : exists2 l, (N <= l)%N & u N + e < u l.
  have [//|nl] := em (exists2 l, (N <= l)%N & u N + e < u l); case: no; exists N => k l Nk kl.
  rewrite ler_subl_addl; apply: le_trans (_ : u N + e <= _); last by rewrite ler_add2r le_u.
  by rewrite leNgt; apply/negP => H; apply: nl; exists l => //; apply: leq_trans kl.
have many m : exists l, u 0%N + m%:R * e <= u l.
  elim: m => [|m [k Hk]]; first by exists 0%N; rewrite mul0r addr0.
  have [l _ Hl] := jump k; exists l; apply: le_trans (ltW Hl).
  have -> : u 0%N + m.+1%:R * e = u 0%N + m%:R * e + e by rewrite mulrSr; ring.
  by rewrite ler_add2r.
have [m Hm] := archi (B - u 0%N) e0; have [l Hl] := many m.
by have := le_trans Hl (bnd l); rewrite -ler_subr_addl leNgt Hm.
Qed.
End Small.
