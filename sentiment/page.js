// One word of the text is a stop of the Tab key; arrow keys go on from there. The line below tells.
(() => {
  const text = document.getElementById("text"), tip = document.getElementById("tip");
  const words = text && tip ? [...text.querySelectorAll("[data-tip]")] : [];
  if (!words.length) return;
  let at = 0;
  const tell = (word) => { tip.textContent = word.dataset.tip; };
  const go = (to) => {
    words[at].tabIndex = -1;
    at = Math.min(Math.max(to, 0), words.length - 1);
    words[at].tabIndex = 0;
  };
  words.forEach((word) => { word.tabIndex = -1; });
  go(0);
  tip.textContent = tip.dataset.how;
  const under = (event) => event.target.closest("[data-tip]");
  text.addEventListener("pointerover", (event) => { const word = under(event); if (word) tell(word); });
  text.addEventListener("focusin", (event) => {
    const word = under(event);
    if (word) { go(words.indexOf(word)); tell(word); }
  });
  text.addEventListener("keydown", (event) => {
    if (!under(event) || event.altKey || event.ctrlKey || event.metaKey) return;
    const forward = getComputedStyle(text).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -words.length, End: words.length };
    if (!(event.key in steps)) return;
    const turned = event.key.startsWith("Arrow") ? (event.key === forward ? 1 : -1) : steps[event.key];
    event.preventDefault();
    go(at + turned);
    words[at].focus();
    words[at].scrollIntoView({ block: "nearest" });
  });
})();
