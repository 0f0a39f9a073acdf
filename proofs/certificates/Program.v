(******************************************************************************)
(* The checker of certificates: a program on lists of integers.               *)
(*                                                                            *)
(* A certificate says: these tokens, this A, alpha and multiplicities; these  *)
(* attention sets at the layers before k (`history`, with repetitions), these *)
(* for ever from layer k on (`final`), these limits; and two numbers that the *)
(* proof needs: `degree`, the greatest j with C(t,j) lam^t in a closed form,  *)
(* and `start`, the T such that leads are compared one by one at the layers   *)
(* k,...,k+T and by estimates from then on.                                   *)
(*                                                                            *)
(* Tokens are rows of integers over one common denominator, which grows with  *)
(* the layers. Attention sets are read as masks, rows of booleans. Where the  *)
(* program divides it checks the quotient.                                    *)
(*                                                                            *)
(*   problem certificate  what is stated; `patterns h` has a pattern a layer  *)
(*   padd sub scale zdot  sums, differences, multiples, products of rows; a   *)
(*                        row that is too short is continued by zeros         *)
(*   image                x |-> x A                                           *)
(*   mask masks           attention sets as rows of booleans                  *)
(*   wsum vsum            sums of the weights, and of w_j z_j, over a mask    *)
(*   row_ok pattern_ok    a mask is the attention set of a token; all are     *)
(*   read read_ok         a pattern as masks, with l / W_i for a common       *)
(*                        multiple l of the weights W_i of its sets           *)
(*   zlayer layers past   one layer; some layers of one pattern, each         *)
(*                        checked; the whole history                          *)
(*   means rests next     l times the means over a pattern; s is its own      *)
(*                        mean; c_j |-> c_(j+1), scaled                       *)
(*   devs                 the coefficients of C(t,j) lam^t, scaled            *)
(*   product              of two families in the basis C(t,j)                 *)
(*   sums dominates       two tests of g_0 + lam^t g_1(t) + lam^2t g_2(t)     *)
(*                        > 0 at all t >= T; `positive` is one or the other   *)
(*   locked_at leads_ok   row i is locked; the leads of i are 0 within its    *)
(*                        set and positive over all others                    *)
(*   settles              everything from layer k on                          *)
(*   changes              two patterns differ                                 *)
(*   shape_ok check       lists and signs fit; everything                     *)
(******************************************************************************)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect.
From Hardmax Require Import Integers.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.

Definition pattern := seq (seq nat).
Record problem := Problem {
  dimension : nat;
  token_den : Z; tokens : seq (seq Z);
  matrix_den : Z; matrix : seq (seq Z);
  alpha_num : Z; alpha_den : Z;
  multiplicities : seq Z }.
Record certificate := Certificate {
  stated : problem;
  history : seq (nat * pattern);
  final : pattern;
  limit_den : Z; limits : seq (seq Z);
  degree : nat; start : nat }.
Definition patterns (h : seq (nat * pattern)) : seq pattern := flatten [seq nseq p.1 p.2 | p <- h].

Section Program.
Variable K : integers.
Local Notation vec := (seq K).
Definition zero : K := ofZ K BinNums.Z0.
Definition one : K := ofZ K Z.one.
Definition minus (a : K) : K := imul (ofZ K (Z.opp Z.one)) a.
Fixpoint ipow (a : K) m : K := if m is m.+1 then imul a (ipow a m) else one.

Fixpoint padd (x y : vec) : vec :=
  if x is a :: x' then if y is b :: y' then iadd a b :: padd x' y' else x else y.
Definition scale (a : K) (x : vec) : vec := [seq imul a b | b <- x].
Definition sub (x y : vec) : vec := padd x (scale (ofZ K (Z.opp Z.one)) y).
Definition is0 (x : vec) : bool := all (fun a => ieq a zero) x.
Fixpoint zdot (x y : vec) : K :=
  if x is a :: x then if y is b :: y then iadd (imul a b) (zdot x y) else zero else zero.

Variables (n : nat) (A : seq vec) (num den : K) (mult : vec).

Fixpoint combine (x : vec) (rows : seq vec) : vec :=
  if x is a :: x then if rows is r :: rows then padd (scale a r) (combine x rows) else [::]
  else [::].
Definition image x := combine x A.

(* attention sets as masks *)
Definition mask (c : seq nat) : seq bool := [seq j \in c | j <- iota 0 n].
(* the same for all sets of a pattern, without unary comparisons *)
Definition mark (js : seq N) (c : seq nat) : seq bool :=
  let cs := [seq N.of_nat j | j <- c] in [seq has (N.eqb j) cs | j <- js].
Definition masks (pat : pattern) : seq (seq bool) :=
  let js := [seq N.of_nat j | j <- iota 0 n] in [seq mark js c | c <- pat].
Fixpoint wsum (ws : vec) (ms : seq bool) {struct ms} : K :=
  if ms is m :: ms then
    if ws is w :: ws then if m then iadd w (wsum ws ms) else wsum ws ms else zero
  else zero.
Fixpoint vsum (ws : vec) (zs : seq vec) (ms : seq bool) {struct ms} : vec :=
  if ms is m :: ms then
    if ws is w :: ws then
      if zs is z :: zs then
        if m then padd (scale w z) (vsum ws zs ms) else vsum ws zs ms
      else [::]
    else [::]
  else [::].

(* the greatest of the values v is at the places of the mask *)
Fixpoint top (ms : seq bool) (v : vec) : option K :=
  if ms is m :: ms then if v is a :: v then if m then Some a else top ms v else None else None.
Fixpoint greatest (g : K) (ms : seq bool) (v : vec) : bool :=
  if ms is m :: ms then
    if v is a :: v then (if m then ieq a g else ilt a g) && greatest g ms v else true
  else true.
Definition row_ok (zs : seq vec) (x : vec) (ms : seq bool) : bool :=
  let h := image x in let v := [seq zdot h z | z <- zs] in
  if top ms v is Some g then greatest g ms v else false.

(* a pattern, read: masks, and l / W_i for a common multiple l of the weights W_i of the sets *)
Definition row : Type := seq bool * K.
Definition weights_lcm (pat : pattern) : K :=
  foldr (fun m l => ilcm (wsum mult m) l) one (masks pat).
Definition read (l : K) (pat : pattern) : seq row :=
  [seq (m, idiv l (wsum mult m)) | m <- masks pat].
Definition read_ok (l : K) (rs : seq row) : bool :=
  [&& size rs == n, ilt zero l &
    all (fun r => [&& size r.1 == n, ilt zero (wsum mult r.1) &
                      ieq (imul r.2 (wsum mult r.1)) l]) rs].
Definition pattern_ok (zs : seq vec) (rs : seq row) : bool :=
  (size zs == n) && all (fun p => row_ok zs p.1 p.2.1) (zip zs rs).

Definition zrow (l : K) (zs : seq vec) (x : vec) (r : row) : vec :=
  padd (scale (imul l den) x) (scale (imul num r.2) (vsum mult zs r.1)).
Definition zlayer l rs zs : seq vec := [seq zrow l zs p.1 p.2 | p <- zip zs rs].
Fixpoint layers m l rs (q : K) (zs : seq vec) : option (K * seq vec) :=
  if m is m.+1 then
    if pattern_ok zs rs then layers m l rs (imul q (imul (iadd den num) l)) (zlayer l rs zs)
    else None
  else Some (q, zs).
Fixpoint past (h : seq (nat * pattern)) (q : K) (zs : seq vec) : option (K * seq vec) :=
  if h is (m, pat) :: h then
    let l := weights_lcm pat in let rs := read l pat in
    if read_ok l rs then
      if layers m l rs q zs is Some (q, zs) then past h q zs else None
    else None
  else Some (q, zs).

(* closed forms *)
Definition means rs (zs : seq vec) : seq vec := [seq scale r.2 (vsum mult zs r.1) | r <- rs].
Definition rests (l : K) rs (ss : seq vec) : bool :=
  all (fun p => is0 (sub (scale l p.1) p.2)) (zip ss (means rs ss)).
Definition next rs (zs : seq vec) : seq vec := [seq scale num v | v <- means rs zs].
Definition deviations (L q : K) (zs ss : seq vec) : seq vec :=
  [seq sub (scale L p.1) (scale q p.2) | p <- zip zs ss].
Fixpoint devs D l rs (zs : seq vec) : seq (seq vec) :=
  if D is D'.+1 then [seq scale (ipow (imul den l) D) v | v <- zs] :: devs D' l rs (next rs zs)
  else [:: zs].

(* products in the basis C(t,j): a table with a row for each end of the second family *)
Fixpoint product_row (h : vec) (ys : seq vec) (t : seq vec) : seq vec :=
  if ys is y :: ys then
    let r := product_row h ys (behead t) in
    (zdot h y :: padd (head [::] t) (padd (head [::] r) (head [::] (behead t)))) :: r
  else [:: [::]].
Definition product (xs ys : seq vec) : vec :=
  head [::] (foldr (fun h t => product_row h ys t) [::] xs).

(* tests of g0 + lam^t g1(t) + lam^2t g2(t) > 0 *)
Definition nonneg (a : K) : bool := ~~ ilt a zero.
Definition sums (g0 : K) (g1 g2 : vec) : bool :=
  [&& all nonneg (behead g1), all nonneg (behead g2), nonneg g0,
      nonneg (iadd g0 (head zero g1)) & ilt zero (iadd (iadd g0 (head zero g1)) (head zero g2))].
Definition term : Type := K * (nat * nat).
Definition terms e (g : vec) : seq term := [seq (nth zero g j, (e, j)) | j <- iota 0 (size g)].
Fixpoint shift (b : K) (r : vec) : vec := if r is a :: r then iadd b a :: shift a r else [::].
Definition binomials m T : vec := iter T (shift zero) (one :: nseq m zero).
Definition powers T : vec :=
  let q := iadd den num in let p := ipow den T in let r := ipow q T in
  [:: imul r r; imul p r; imul p p].
Definition value (bs ps : vec) (m : term) : K :=
  imul m.1 (imul (nth zero bs m.2.2) (nth zero ps m.2.1)).
Definition falls T (m0 m : term) : bool :=
  let after j := ofZ K (Z.sub (Z.of_nat T.+1) (Z.of_nat j)) in let e := m.2.1 - m0.2.1 in
  (m0.2.1 <= m.2.1) &&
  ~~ ilt (imul (after m.2.2) (ipow (iadd den num) e)) (imul (after m0.2.2) (ipow den e)).
Definition dominates T bs ps (f : seq term) (m0 : term) : bool :=
  [&& ilt zero m0.1, m0.2.2 <= T, all (fun m => m.2.2 < size bs) f,
      all (fun m => nonneg m.1 || falls T m0 m) f &
      ilt zero (foldr (fun m s => if nonneg m.1 then s else iadd (value bs ps m) s)
                      (value bs ps m0) f)].
Definition positive T bs ps (g0 : K) (g1 g2 : vec) : bool :=
  let f := (g0, (0, 0)) :: terms 1 g1 ++ terms 2 g2 in
  sums g0 g1 g2 || has (dominates T bs ps f) f.

(* leads of the token i over all others, j in C_i; p = mask, limit and coefficients of the other *)
Definition pair_ok T bs ps (hs : vec) (hx : seq vec) (sj : vec) (xj : seq vec)
    (p : bool * (vec * seq vec)) : bool :=
  let ds := sub sj p.2.1 in let dx := [seq sub r.1 r.2 | r <- zip xj p.2.2] in
  let g0 := zdot hs ds in
  let g1 := padd [seq zdot hs y | y <- dx] [seq zdot h ds | h <- hx] in
  let g2 := product hx dx in
  if p.1 then [&& ieq g0 zero, is0 g1 & is0 g2] else positive T bs ps g0 g1 g2.
Definition locked_at (pat : pattern) (i : nat) : bool :=
  if nth [::] pat i is [:: j] then nth [::] pat j == [:: j] else false.
Definition leads_ok T bs ps (pat : pattern) (rs : seq row) (ss : seq vec) (xs : seq (seq vec))
    (i : nat) : bool :=
  let c := nth [::] pat i in let j := head n c in let m := (nth ([::], zero) rs i).1 in
  [&& c != [::], j < n & all (pair_ok T bs ps (image (nth [::] ss i))
    [seq image x | x <- nth [::] xs i] (nth [::] ss j) (nth [::] xs j)) (zip m (zip ss xs))].
Definition settles (pat : pattern) (D T : nat) (L : K) (ls : seq vec) (q : K) (zs : seq vec) :=
  let l := weights_lcm pat in let rs := read l pat in
  let x0 := deviations L q zs ls in let B := ipow (imul den l) D in
  let ss := [seq scale (imul q B) s | s <- ls] in
  let ds := devs D l rs x0 in
  let xs := [seq [seq nth [::] x i | x <- ds] | i <- iota 0 n] in
  let bs := binomials (D + D).+1 T in let ps := powers T in
  [&& read_ok l rs, isSome (layers T.+1 l rs q zs), rests l rs ls, size ls == n,
      all is0 (iter D.+1 (next rs) x0) &
      all (fun i => locked_at pat i || leads_ok T bs ps pat rs ss xs i) (iota 0 n)].
End Program.

Definition changes n (before after : pattern) : bool :=
  has (fun i => let b := nth [::] before i in let a := nth [::] after i in
                (b != a) && (mask n b != mask n a)) (iota 0 n).
Definition shape_ok n (c : certificate) : bool :=
  let pb := stated c in
  [&& size (tokens pb) == n, all (fun x => size x <= dimension pb) (matrix pb),
      size (matrix pb) <= dimension pb, size (multiplicities pb) == n,
      all (Z.ltb BinNums.Z0) (multiplicities pb) &
      all (Z.ltb BinNums.Z0)
        [:: token_den pb; matrix_den pb; alpha_num pb; alpha_den pb; limit_den c]].
Definition check (K : integers) n (c : certificate) : bool :=
  let pb := stated c in
  let rows := map (map (ofZ K)) in let A := rows (matrix pb) in
  let num := ofZ K (alpha_num pb) in let den := ofZ K (alpha_den pb) in
  let mult := map (ofZ K) (multiplicities pb) in
  [&& shape_ok n c,
      if patterns (history c) is p :: ps then changes n (last p ps) (final c) else true &
      if past n A num den mult (history c) (ofZ K (token_den pb)) (rows (tokens pb))
        is Some (q, zs)
      then settles n A num den mult (final c) (degree c) (start c)
             (ofZ K (limit_den c)) (rows (limits c)) q zs
      else false].
