/* The map under the reader's hand: what was settled in Python is looked up, and the layers of one
   start are run again exactly for its limit and the tokens' ways. */
(() => {
  const data = JSON.parse(document.getElementById("map-data").textContent);
  if (typeof DecompressionStream === "undefined") return;  // the picture and its tables stay
  const { rows, columns, wide, high, free, names } = data;
  const A = exact.common(data.A.map((row) => row.map(exact.parse))).top;
  const weights = data.weights.map(BigInt);
  const given = data.tokens.map((z) => z.map(exact.parse));
  const [corner, ...steps] = data.grid.map((z) => z.map(exact.parse));
  const draw = data.draw.map((row) => row.map(exact.parse));
  const figures = [...document.querySelectorAll(".frame")];
  const told = document.getElementById("told");
  const slider = document.getElementById("frame");
  const HOVER = 3e6, CLICK = 6e7, SHOWN = 40, MOVERS = 4;
  const cells = new Map();
  let frame = 0, here = [...data.start], way = null, waiting = 0;

  async function opened(k) {
    if (!cells.has(k)) {
      const { cells: packed, bytes } = data.frames[k];
      const octets = Uint8Array.from(atob(packed), (x) => x.charCodeAt(0));
      const stream = new Blob([octets]).stream().pipeThrough(new DecompressionStream("deflate"));
      const buffer = await new Response(stream).arrayBuffer();
      cells.set(k, bytes === 4 ? new Uint32Array(buffer) : new Uint16Array(buffer));
    }
    return cells.get(k);
  }

  const scaled = (z, k) => z.map((x) => exact.times(x, [BigInt(k), 1n]));
  const sum = (x, y) => x.map((a, s) => exact.plus(a, y[s]));
  const start = ([row, column]) =>
    [column, row].slice(0, steps.length).reduce((z, k, s) => sum(z, scaled(steps[s], k)), corner);
  const tokensAt = (place) => given.map((z, i) => (i === free ? start(place) : z));
  const set = (tokens) => `{${tokens.map((i) => names[i]).join(", ")}}`;

  function looked([row, column], found) {
    const { table, ends, limited, companies } = data.frames[frame];
    const [end, layer, company] = table[found[row * columns + column]];
    if (end < 0) return { layer, end: null, company: null, runs: false };
    return { layer, end: ends[end], company: companies[company], runs: limited[end] };
  }

  /* The run from a grid point up to its settled layer, if that is little enough work. */
  function ran(place, layer, budget) {
    const problem = { A, alpha: exact.parse(data.frames[frame].alpha), weights };
    if (!data.plain || problem.alpha[0] <= 0n || layer < 0) return null;
    const tokens = tokensAt(place);
    if (exact.work(tokens, problem, layer) > budget) return null;
    const layers = exact.run(tokens, problem, layer);
    return { layers, limits: exact.limits(layers[layer], weights) };
  }

  function sentence(at, found, budget) {
    const { layer, end, company, runs } = looked(at, found);
    const from = `From ${exact.point(start(at))}`;
    if (end === null) return `${from}: undecided within ${data.budget} layers.`;
    const run = budget && runs ? ran(at, layer, budget) : null;
    const place = run ? exact.point(run.limits[free]) : "";
    const limit = run ? `, ${place.startsWith("≈") ? "" : "exact "}limit ${place}` : "";
    return `${from}: ${end}${limit}; ${runs ? "settled at" : "told by"} layer ${layer}; others that lead: ${company}.`;
  }

  /* ---------------------------------------------------------------------------------- drawing */

  const plot = () => figures[frame].querySelector(".plot");
  const marks = () => figures[frame].querySelector(".live-marks");
  const at = ([row, column]) => [wide * (column + 0.5) / columns, high * (1 - (row + 0.5) / rows)];

  function placed(z) {
    const fractions = draw.map(([offset, ...slopes]) =>
      exact.number(slopes.reduce((x, m, s) => exact.plus(x, exact.times(m, z[s])), offset)));
    const [x, y] = fractions.map((part) => Math.max(-20, Math.min(20, part)));
    return [wide * x, high * (1 - (y ?? 0.5))];
  }

  function element(kind, attributes) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", kind);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    marks().append(made);
  }

  const joined = (points) => points.map((xy) => xy.map((x) => x.toFixed(1)).join(",")).join(" ");

  function redraw() {
    for (const figure of figures) figure.querySelector(".live-marks").replaceChildren();
    if (way !== null) {
      way.paths.forEach((path, i) => {
        if (i === free) return;
        element("polyline", { class: "ways", points: joined(path) });
      });
      if (way.hull.length > 1) {
        element("polyline", { class: "casing", points: joined([...way.hull, way.hull[0]]) });
        element("polyline", { class: "after", points: joined([...way.hull, way.hull[0]]) });
      }
      const own = way.paths[free];
      element("polyline", { class: "casing", points: joined(own) });
      element("polyline", { class: "way", points: joined(own) });
      for (const [x, y] of own.slice(0, -1)) element("circle", { class: "stop", cx: x, cy: y, r: 6 });
      const [x, y] = own.at(-1);
      element("path", { class: "end", d: "M0 -12L12 0L0 12L-12 0Z", transform: `translate(${x} ${y})` });
    }
    if (!plot().matches(":focus, :hover")) return;
    const [x, y] = at(here);
    for (const kind of ["crosscasing", "cross"]) {
      element("path", { class: kind, d: `M${x} 0V${high}${steps.length > 1 ? `M0 ${y}H${wide}` : ""}` });
    }
  }

  async function move(place, patient = false) {
    here = [Math.max(0, Math.min(rows - 1, place[0])), Math.max(0, Math.min(columns - 1, place[1]))];
    const found = await opened(frame);
    redraw();
    const now = here.join();
    clearTimeout(waiting);
    plot().dataset.at = now;
    if (patient) told.textContent = sentence(here, found, 0);
    waiting = setTimeout(() => { told.textContent = sentence(here, found, HOVER); }, patient ? 80 : 0);
  }

  /* The vertices of the leaders' hull on the page, in order (Andrew). */
  function outline(points) {
    const order = [...points].sort(([a, b], [c, d]) => a - c || b - d);
    const turn = ([a, b], [c, d], [e, f]) => (c - a) * (f - b) - (d - b) * (e - a);
    const half = (list) => list.reduce((chain, z) => {
      while (chain.length > 1 && turn(chain.at(-2), chain.at(-1), z) <= 0) chain.pop();
      return [...chain, z];
    }, []);
    return order.length < 3 ? order : [...half(order).slice(0, -1), ...half(order.reverse()).slice(0, -1)];
  }

  async function show() {
    const found = await opened(frame);
    const { layer, runs } = looked(here, found);
    const run = runs ? ran(here, layer, CLICK) : null;
    const section = document.getElementById("way");
    const words = document.getElementById("way-words");
    const body = document.getElementById("way-rows");
    body.replaceChildren();
    section.hidden = false;
    words.textContent = sentence(here, found, CLICK);
    document.getElementById("way-json").textContent = configuration();
    way = null;
    if (run === null) {
      words.textContent += data.plain
        ? " The layers are not run again here: that would take long, or nothing is settled; hardmax run takes the configuration below."
        : " Pages run the layers again for hardmax attention with a constant step alone; hardmax run takes the configuration below.";
    } else {
      const { layers, limits } = run;
      const shown = layers.slice(0, SHOWN);
      const path = (i) => [...shown.map(({ tokens }) => placed(exact.rational(tokens, i))), placed(limits[i])];
      const leads = layers[layer].pattern.flatMap((own, i) => (own.length === 1 && own[0] === i ? [limits[i]] : []));
      way = { paths: names.map((_, i) => path(i)), hull: steps.length > 1 ? outline(leads.map(placed)) : [] };
      shown.forEach(({ tokens, pattern }, k) => {
        const moving = pattern.flatMap((own, i) => (i !== free && !(own.length === 1 && own[0] === i) ? [i] : []));
        const others = moving.slice(0, MOVERS).map((i) => names[i]).join(", ") || "none";
        row(k, exact.point(exact.rational(tokens, free)), set(pattern[free]),
          moving.length > MOVERS ? `${others} and ${moving.length - MOVERS} more` : others);
      });
      if (layers.length > SHOWN) row("…", `${layers.length - SHOWN} more layers`, "", "");
      row("limit", exact.point(limits[free]), "", "");
      words.textContent += " All numbers are exact but those after ≈. On the map: a line and dots for the way, a diamond for the limit, thin lines for the other tokens, a solid outline for the hull of the leaders from this start.";
    }
    plot().dataset.way = here.join();
    redraw();

    function row(...parts) {
      const line = document.createElement("tr");
      parts.forEach((part, s) => {
        const cell = document.createElement(s ? "td" : "th");
        if (!s) cell.scope = "row";
        cell.className = s ? "number" : "count";
        cell.textContent = part;
        line.append(cell);
      });
      body.append(line);
    }
  }

  function configuration() {
    const tokens = tokensAt(here).map((z) => z.map(exact.text));
    const copies = tokens.flatMap((z, i) => Array(Number(weights[i])).fill(z));
    const { alpha, ...rest } = data.file;
    return JSON.stringify({ ...rest, ...(alpha ? { alpha: data.frames[frame].alpha } : {}), tokens: copies });
  }

  /* ------------------------------------------------------------------------- pointer and keys */

  function pointed(event) {
    const box = event.currentTarget.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / box.width * columns);
    return [rows - 1 - Math.floor((event.clientY - box.top) / box.height * rows), column];
  }

  const KEYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, 0], ArrowDown: [-1, 0] };

  function pressed(event) {
    const far = event.shiftKey ? 10 : 1;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key in KEYS) move(here.map((x, s) => x + far * KEYS[event.key][s]));
    else if (event.key === "Home") move([here[0], 0]);
    else if (event.key === "End") move([here[0], columns - 1]);
    else if (event.key === "PageUp") move([here[0] + 10, here[1]]);
    else if (event.key === "PageDown") move([here[0] - 10, here[1]]);
    else if (event.key === "Enter" || event.key === " ") show();
    else if (event.key === "Escape") { way = null; document.getElementById("way").hidden = true; redraw(); }
    else return;
    event.preventDefault();
  }

  for (const figure of figures) {
    const place = figure.querySelector(".plot");
    place.tabIndex = 0;
    place.setAttribute("role", "application");
    place.setAttribute("aria-label", `Map of the starts of token ${names[free]}`);
    place.setAttribute("aria-describedby", "how");
    place.addEventListener("keydown", pressed);
    place.addEventListener("focus", () => move(here));
    place.addEventListener("blur", redraw);
    place.addEventListener("pointerleave", redraw);
    place.addEventListener("pointermove", (event) => move(pointed(event), true));
    place.addEventListener("click", async (event) => { await move(pointed(event), true); show(); });
  }

  function choose(k) {
    frame = k;
    figures.forEach((figure, s) => { figure.hidden = s !== k; });
    if (figures.length > 1) {
      const name = `α = ${data.frames[k].alpha}`;
      slider.value = k;
      slider.setAttribute("aria-valuetext", name);
      document.getElementById("frame-name").textContent = name;
    }
    if (way !== null) show();
    document.body.dataset.frame = k;
  }

  document.documentElement.classList.add("live");
  document.getElementById("way-told").hidden = false;
  document.getElementById("frames").hidden = figures.length < 2;
  slider.addEventListener("input", () => choose(Number(slider.value)));
  choose(0);
})();
