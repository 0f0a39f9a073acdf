"use strict";
/* What every page shares. `page.read(id)` is the JSON of a script element with the colours of
   print in it replaced by those of the page, light or dark; `page.onTheme(draw)` draws again
   when the reader's system turns from one to the other. */
const page = {
  dark: matchMedia("(prefers-color-scheme: dark)"),
  still: matchMedia("(prefers-reduced-motion: reduce)"),
  colour: (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim(),
  read(id) {
    const names = {
      "#000000": "ink", "#111111": "ink", "#222222": "ink", "#FFFFFF": "paper",
      "#767676": "stroke", "#BBBBBB": "zero", "#EAEAEA": "grid", "rgba(255,255,255,0.65)": "haze",
    };
    const own = Object.fromEntries(Object.entries(names).map(([k, name]) => [k, page.colour(name)]));
    const colours = new Set(["color", "bgcolor", "fillcolor", "bordercolor", "gridcolor",
      "linecolor", "zerolinecolor", "paper_bgcolor", "plot_bgcolor"]);
    const words = document.getElementById(id).textContent;
    return JSON.parse(words, (key, value) => (colours.has(key) && own[value]) || value);
  },
  onTheme(draw) { page.dark.addEventListener("change", draw); },
};

for (const button of document.querySelectorAll(".copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const code = button.parentElement.querySelector("code");
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
}

/* A formula wider than the page scrolls in its box, which the keyboard then has to reach. */
const boxes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth <= target.clientWidth) continue;
    target.tabIndex = 0;
    target.setAttribute("role", "group");
    target.setAttribute("aria-label", "The statement");
  }
});
for (const box of document.querySelectorAll("div.statement, blockquote.statement")) boxes.observe(box);
