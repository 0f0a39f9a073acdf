"use strict";
(() => {
  const place = document.getElementById("picture");
  if (typeof Plotly === "undefined") {
    place.hidden = true;
    document.getElementById("picture-missing").hidden = false;
    return;
  }
  const { frames, layout } = JSON.parse(document.getElementById("picture-data").textContent);
  delete layout.height;  // the style sheet has it
  layout.autosize = true;
  const slider = document.getElementById("layer");
  const play = document.getElementById("play");
  const config = {
    responsive: true,
    displaylogo: false,
    modeBarButtons: [layout.scene ? ["toImage", "resetCameraDefault3d"] : ["toImage"]],
  };
  const STEP = 800;
  let timer = null;

  function show(k) {
    const frame = frames[k];
    slider.value = k;
    slider.setAttribute("aria-valuetext", frame.name);
    Plotly.react(place, frame.data, { ...layout, ...frame.layout }, config)
      .then(() => { place.dataset.layer = frame.name; });
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  }

  function start() {
    if (Number(slider.value) === frames.length - 1) show(0);
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    timer = setInterval(() => {
      show(Number(slider.value) + 1);
      if (Number(slider.value) === frames.length - 1) stop();
    }, STEP);
  }

  slider.max = frames.length - 1;
  slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
  play.addEventListener("click", () => { if (timer === null) start(); else stop(); });
  document.querySelector(".controls").hidden = frames.length < 2;
  addEventListener("beforeprint", () => Plotly.relayout(place, { width: 640, height: place.clientHeight }));
  addEventListener("afterprint", () => Plotly.relayout(place, { autosize: true, width: null, height: null }));
  show(0);
})();
