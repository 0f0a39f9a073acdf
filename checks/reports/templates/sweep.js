"use strict";
/* The piece of the sweep under the pointer, or reached by the arrow keys, told in words. */
(() => {
  const { spans, told } = JSON.parse(document.getElementById("sweep-data").textContent);
  const dials = document.getElementById("dials");
  const words = document.getElementById("told");
  const plots = [...dials.querySelectorAll(".plot")];
  const NEAR = 5;
  let here = -1;

  function choose(k) {
    const next = Math.max(0, Math.min(spans.length - 1, k));
    if (next === here) return;
    document.getElementById(`piece-${here}`)?.classList.remove("now-row");
    here = next;
    document.getElementById(`piece-${here}`)?.classList.add("now-row");
    words.textContent = told[here];
    dials.dataset.piece = here;
    const [low, high] = spans[here];
    for (const plot of plots) {
      const mark = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      const box = { class: "now", x: 1000 * low, y: 0, width: Math.max(1000 * (high - low), 1), height: 1000 };
      for (const [name, value] of Object.entries(box)) mark.setAttribute(name, value);
      plot.querySelector(".here").replaceChildren(mark);
    }
  }

  /* A break if one is near, the nearest; else the interval. */
  function pointed(event) {
    const box = plots[0].getBoundingClientRect();
    const u = (event.clientX - box.left) / box.width;
    const far = ([low, high]) => Math.max(low - u, u - high, 0) * box.width;
    const breaks = spans.map((span, k) => [far(span), k]).filter(([, k]) => spans[k][0] === spans[k][1]);
    const nearest = breaks.sort(([a], [b]) => a - b)[0];
    if (nearest && nearest[0] <= NEAR) choose(nearest[1]);
    else choose(spans.map((span, k) => [far(span), k]).sort(([a], [b]) => a - b)[0][1]);
  }

  const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };

  dials.tabIndex = 0;
  dials.setAttribute("role", "application");
  dials.setAttribute("aria-label", "The sweep");
  dials.setAttribute("aria-describedby", "how");
  dials.addEventListener("pointermove", pointed);
  dials.addEventListener("click", pointed);
  dials.addEventListener("focus", () => { if (here < 0) choose(0); });
  dials.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key in STEPS) choose(here + STEPS[event.key]);
    else if (event.key === "Home") choose(0);
    else if (event.key === "End") choose(spans.length - 1);
    else return;
    event.preventDefault();
  });
  document.documentElement.classList.add("live");
  document.getElementById("piece-told").hidden = false;
})();
