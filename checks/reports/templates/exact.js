"use strict";
/* Hardmax attention with a constant step, in rational numbers: what Python settled, run again.
   Tokens are whole numerators over one common denominator; nothing is rounded but what is drawn
   (`number`) and what is too long to read (`point`, after a ≈). */
const exact = (() => {
  const abs = (x) => (x < 0n ? -x : x);
  const gcd = (a, b) => { a = abs(a); b = abs(b); while (b) [a, b] = [b, a % b]; return a; };
  const lcm = (a, b) => a / gcd(a, b) * b;
  const length = (x) => 4 * abs(x).toString(16).length;

  /* A rational is a pair [p, q] in lowest terms, q > 0. */
  function ratio(p, q = 1n) {
    const common = gcd(p, q) || 1n;
    return q < 0n ? [-p / common, -q / common] : [p / common, q / common];
  }
  const parse = (words) => { const [p, q] = words.split("/"); return ratio(BigInt(p), BigInt(q ?? 1)); };
  const plus = ([p, q], [r, s]) => ratio(p * s + r * q, q * s);
  const times = ([p, q], [r, s]) => ratio(p * r, q * s);
  const text = ([p, q]) => (q === 1n ? `${p}` : `${p}/${q}`);

  function number([p, q]) {
    if (p === 0n) return 0;
    const shift = length(p) - length(q) - 64;
    const scaled = shift > 0 ? abs(p) / (q << BigInt(shift)) : (abs(p) << BigInt(-shift)) / q;
    return (p < 0n ? -1 : 1) * Number(scaled) * 2 ** shift;
  }

  /* Six significant digits, as Python's pages write them. */
  function rounded([p, q], digits = 6) {
    let exponent = `${abs(p)}`.length - `${q}`.length;
    if (abs(p) * 10n ** BigInt(Math.max(0, -exponent)) < q * 10n ** BigInt(Math.max(0, exponent))) exponent -= 1;
    const shift = digits - 1 - exponent;
    const top = abs(p) * 10n ** BigInt(Math.max(0, shift)), bottom = q * 10n ** BigInt(Math.max(0, -shift));
    const whole = `${(2n * top + bottom) / (2n * bottom)}`;
    exponent += whole.length - digits;
    const figures = whole.replace(/0+$/, "");
    const sign = p < 0n ? "-" : "";
    const split = (words, k) => words.slice(0, k) + (words.length > k ? `.${words.slice(k)}` : "");
    if (Math.abs(exponent) > 4) return `${sign}${split(figures, 1)}e${exponent < 0 ? "-" : "+"}${Math.abs(exponent)}`;
    return sign + (exponent < 0 ? `0.${"0".repeat(-exponent - 1)}${figures}` : split(figures.padEnd(exponent + 1, "0"), exponent + 1));
  }

  /* A point; one ≈ before the bracket if any coordinate is rounded. */
  function point(z, longest = 24, most = 8) {
    const words = z.slice(0, most).map(text), long = words.map((x) => x.length > longest);
    const shown = words.map((x, s) => (long[s] ? rounded(z[s]) : x));
    if (z.length > most) shown.push(`… ${z.length - most} more`);
    return `${long.includes(true) ? "≈" : ""}(${shown.join(", ")})`;
  }

  /* Tokens as numerators over a common denominator. */
  function common(rows) {
    const bottom = rows.flat().reduce((m, [, q]) => lcm(m, q), 1n);
    return { top: rows.map((row) => row.map(([p, q]) => p * (bottom / q))), bottom };
  }
  const rational = ({ top, bottom }, i) => top[i].map((x) => ratio(x, bottom));

  /* C_i: all j at which z_iᵀ A z_j is greatest. */
  function attention({ top }, A) {
    return top.map((own) => {
      const aim = own.map((_, s) => A.reduce((sum, row, t) => sum + own[t] * row[s], 0n));
      const scores = top.map((z) => z.reduce((sum, x, s) => sum + x * aim[s], 0n));
      const best = scores.reduce((x, y) => (y > x ? y : x));
      return scores.flatMap((x, j) => (x === best ? [j] : []));
    });
  }

  /* z_i + γ (mean of C_i − z_i) with γ = α / (1 + α). */
  function step({ top, bottom }, pattern, [p, q], weights) {
    const heavy = pattern.map((own) => own.reduce((sum, j) => sum + weights[j], 0n));
    const all = heavy.reduce(lcm, 1n);
    const next = top.map((own, i) => own.map((x, s) => {
      const pull = pattern[i].reduce((sum, j) => sum + weights[j] * top[j][s], 0n);
      return (all / heavy[i]) * (q * heavy[i] * x + p * pull);
    }));
    return { top: next, bottom: bottom * (p + q) * all };
  }

  /* Layers 0, …, last: tokens and whom they attend to. */
  function run(tokens, { A, alpha, weights }, last) {
    const layers = [];
    for (let k = 0, now = common(tokens); k <= last; k += 1) {
      const pattern = attention(now, A);
      layers.push({ tokens: now, pattern });
      if (k < last) now = step(now, pattern, alpha, weights);
    }
    return layers;
  }

  /* The limits under a pattern P that stands for ever: the s with P s = s and s − z in the image of
     I − P, that is s = z + (I − P) y where (I − P)² y = −(I − P) z. */
  function limits({ tokens, pattern }, weights) {
    const size = pattern.length, zero = [0n, 1n];
    const away = pattern.map((own, i) => {
      const heavy = own.reduce((sum, j) => sum + weights[j], 0n);
      const row = Array.from({ length: size }, (_, j) => (i === j ? [1n, 1n] : zero));
      for (const j of own) row[j] = plus(row[j], ratio(-weights[j], heavy));
      return row;
    });
    const product = (left, right) => left.map((row) => right[0].map((_, s) =>
      row.reduce((sum, a, t) => (a[0] ? plus(sum, times(a, right[t][s])) : sum), zero)));
    const z = tokens.top.map((row) => row.map((x) => [x, 1n]));
    const wanted = product(away, z);
    const rows = product(away, away).map((row, i) => [...row, ...wanted[i].map(([p, q]) => [-p, q])]);
    const pivots = [];
    for (let c = 0, r = 0; c < size; c += 1) {
      const found = rows.findIndex((row, k) => k >= r && row[c][0] !== 0n);
      if (found < 0) continue;
      [rows[r], rows[found]] = [rows[found], rows[r]];
      const [p, q] = rows[r][c];
      rows[r] = rows[r].map((x) => times(x, ratio(q, p)));
      rows.forEach((row, k) => {
        if (k === r || row[c][0] === 0n) return;
        const factor = times(row[c], [-1n, 1n]);
        rows[k] = row.map((x, t) => (rows[r][t][0] ? plus(x, times(factor, rows[r][t])) : x));
      });
      pivots.push(c);
      r += 1;
    }
    const y = z.map((row) => row.map(() => zero));
    pivots.forEach((c, r) => { y[c] = rows[r].slice(size); });
    const moved = product(away, y);
    return z.map((row, i) => row.map((x, s) => times(plus(x, moved[i][s]), [1n, tokens.bottom])));
  }

  /* About how much work it is to run so many layers; a second of a slow computer is some 3e7. */
  function work(tokens, { alpha, weights }, last) {
    const first = length(common(tokens).bottom);
    const each = length(alpha[0] + alpha[1]) + Math.log2(tokens.length + 1);
    const words = 1 + (first + last * each) / 64;
    return (last + 1) * tokens.length ** 2 * tokens[0].length * words ** 1.5;
  }

  return { parse, plus, times, ratio, text, number, rounded, point, common, rational, attention, step, run, limits, work };
})();
