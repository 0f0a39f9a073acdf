"use strict";
(() => {
  const place = document.getElementById("picture");
  if (typeof Plotly === "undefined") {
    document.getElementById("picture-missing").hidden = false;
    return;
  }
  const figure = place.closest("figure");
  const slider = document.getElementById("layer");
  const told = document.getElementById("layer-told");
  const play = document.getElementById("play");
  const turn = document.getElementById("turn");
  const tilt = document.getElementById("tilt");
  const config = { responsive: true, displaylogo: false, displayModeBar: false };
  const STEP = 800;
  const WIDE = 640;  // from where on names stand as on a screen
  let pictures, frames;
  let timer = null;

  function read() {
    const spec = page.read("picture-data");
    const places = figure.querySelectorAll(".picture");
    pictures = [spec, ...spec.beside].map(({ frames, layout }, i) => {
      delete layout.height;  // the style sheet has it
      if (innerWidth < 520 && layout.scene) {
        for (const { scene } of [layout, ...frames.map((frame) => frame.layout)]) {
          for (const axis of "xyz") scene.camera.eye[axis] *= 1.3;  // the axes are named whole
        }
      }
      return { place: places[i], frames, layout: { ...layout, autosize: true } };
    });
    frames = spec.frames;
  }

  function last() { return Number(slider.value) === frames.length - 1; }

  function show(k) {
    const frame = frames[k];
    slider.value = k;
    slider.setAttribute("aria-valuetext", frame.name);
    told.textContent = frame.name;
    const drawn = pictures.map((one) => {
      const { data, layout, on_screen: names } = one.frames[k];
      const shown = names && one.place.clientWidth >= WIDE ? { ...layout, annotations: names } : layout;
      return Plotly.react(one.place, data, { ...one.layout, ...shown }, config)
        .then(() => inside(one.place));
    });
    Promise.all(drawn).then(() => { place.dataset.layer = frame.name; });
  }

  /* A name that would be cut off at one edge of the picture stands on the other side of its token. */
  function inside(place) {
    const { left, right } = place.getBoundingClientRect();
    const turned = {};
    for (const drawn of place.querySelectorAll(".annotation")) {
      const box = drawn.getBoundingClientRect();
      if (!box.width || (box.left >= left && box.right <= right)) continue;
      const at = `annotations[${drawn.dataset.index}]`;
      const side = box.right > right ? "right" : "left";
      Object.assign(turned, { [`${at}.xanchor`]: side, [`${at}.xshift`]: side === "right" ? -5 : 5 });
    }
    if (Object.keys(turned).length) return Plotly.relayout(place, turned);
  }

  function name() {
    play.textContent = page.still.matches ? "Next" : timer === null ? "Play" : "Pause";
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    name();
  }

  function start() {
    if (page.still.matches) {  // nothing moves by itself
      show(last() ? 0 : Number(slider.value) + 1);
      return;
    }
    if (last()) show(0);
    timer = setInterval(() => {
      show(Number(slider.value) + 1);
      if (last()) stop();
    }, STEP);
    name();
  }

  function look() {
    const { x, y, z } = pictures[0].layout.scene.camera.eye;
    const far = Math.hypot(x, y, z);
    const [a, b] = [turn, tilt].map((range) => Number(range.value) * Math.PI / 180);
    const eye = { x: far * Math.cos(b) * Math.cos(a), y: far * Math.cos(b) * Math.sin(a), z: far * Math.sin(b) };
    for (const one of pictures) Plotly.relayout(one.place, { "scene.camera.eye": eye });
  }

  read();
  figure.classList.add("live");
  slider.max = frames.length - 1;
  slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
  play.addEventListener("click", () => { if (timer === null) start(); else stop(); });
  page.still.addEventListener("change", stop);
  if (turn) for (const range of [turn, tilt]) range.addEventListener("input", look);
  document.getElementById("save").addEventListener("click", () => {
    pictures.forEach((one, i) => {
      const filename = document.title.replace(/\W+/g, "-") + (i ? `-${i + 1}` : "");
      Plotly.downloadImage(one.place, { format: "png", scale: 2, filename });
    });
  });
  for (const controls of figure.querySelectorAll(".controls")) controls.hidden = false;
  document.getElementById("layers").hidden = frames.length < 2;
  let wide = place.clientWidth >= WIDE;
  addEventListener("resize", () => {
    if (wide !== place.clientWidth >= WIDE) show(Number(slider.value));
    wide = place.clientWidth >= WIDE;
  });
  page.onTheme(() => { read(); show(Number(slider.value)); });
  name();
  show(0);
})();
