// Plays walks downhill. Python draws the step that is looked at, and sends what is said there (<metadata>). Each walk in
// pixels, and a frame for each of its steps, come apart: at the beginning, and for other walks when a hand rests. So
// nothing of the playing needs the kernel. `position` is a step, or between two of them while balls roll.
const KEYS = ["Enter", " ", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"];
const SPEEDS = [["slow", 1500], ["normal", 600], ["fast", 150]]; // milliseconds for a step
const LINE = 1.5; // em, of a sentence
const REST = 150; // milliseconds without another picture, after which the frames are asked for
const ROLL_SHARE = 0.7; // of that time the balls roll, and then they rest

const mix = (from, to, share) => from + share * (to - from);
const ease = share => share * share * (3 - 2 * share); // slow at both ends

const line = ([head, rest]) => element("div", {}, element("strong", {}, head), ` ${rest}`);

// Where a ball is between two of its places: on the curve, where there is one.
function onTheWay(walk, i, share, curve) {
  const x = mix(walk.x[i], walk.x[i + 1], share);
  const along = curve ? (x - curve.left) / curve.width * (curve.y.length - 1) : -1;
  const before = Math.floor(along);
  if (before < 0 || before + 1 >= (curve?.y.length ?? 0)) return [x, mix(walk.y[i], walk.y[i + 1], share)];
  return [x, mix(curve.y[before], curve.y[before + 1], along - before)];
}

function renderWalk({ model, el }) {
  const words = model.get("words");
  const { buttons, speed } = transportOf(words, SPEEDS);
  const counter = element("span", { class: "nbkit-counter" });
  const range = element("input", { type: "range", min: 0, step: 1, "aria-label": words.look });
  const look = element("label", { class: "nbkit-look" }, element("span", {}, words.look), range);
  const transport = element("div", { class: "nbkit-transport", role: "toolbar", "aria-label": words.steps },
    ...Object.values(buttons), speed, counter, look);
  const told = element("div", { class: "nbkit-told", "aria-live": "polite" });
  const ends = element("div", { class: "nbkit-told" });  // below the picture, for which it would be too much above
  const place = element("div");
  el.classList.add("nbkit-walk-view");
  el.append(transport, told, place, ends);
  const stopPicture = render({ model, el: place });
  const picture = place.firstChild;

  let facts = null;  // what the picture says about itself
  let script = null;  // the frames, as soon as they are there
  let asking = null;  // the timer until they are asked for
  let wanted = null;  // what is to be done with them
  let parts = {};  // what moves in the picture, by name
  let texts = {};  // what is written anew at each step, by key
  let playing = false;
  let rolling = null;  // the step from which the balls roll, until they have arrived and rested
  let began = 0;  // when they began, in milliseconds
  let timer = null;

  const last = () => facts.steps;
  const step = () => Math.min(model.get("step"), last());
  const frame = k => script.frames[Math.min(k, script.frames.length - 1)];
  const by = (name, nodes) => Object.fromEntries([...nodes].map(node => [node.dataset[name], node]));

  // ------------------------------------------------------------ the picture

  function readPicture() {
    const metadata = picture.querySelector("metadata");
    if (!metadata) return;
    facts = JSON.parse(metadata.textContent);
    parts = by("part", picture.querySelectorAll("[data-part]"));
    texts = by("number", picture.querySelectorAll("[data-number]"));
    range.max = last();
    told.style.minHeight = `${LINE * facts.rows}em`;
    picture.classList.remove("nbkit-rolls");
    stopRolling();
    tell(step(), facts);
    takeFrames();
    clearTimeout(asking);
    if (!script) asking = setTimeout(ask, REST);
  }

  function ask() {
    clearTimeout(asking);
    model.send({ kind: "frames" });
  }

  function takeFrames() {
    const frames = model.get("frames");
    script = frames.number === facts?.number ? frames : null;
    if (!script) return;
    if (playing) return roll(0);  // other walks: from the start
    show(step());
    wanted?.();
    wanted = null;
  }

  // Does something for which the frames are needed, at once or as soon as they come.
  function withFrames(act) {
    if (script) return act();
    wanted = act;
    ask();
  }

  function show(position) {
    const k = Math.floor(position), share = position - k;
    for (const walk of script.walks) showWalk(walk, k, share);
    picture.classList.toggle("nbkit-rolls", share > 0);
    if (share) setParts({ promise: frame(k + 1).parts.promise });
    else showStep(k);
  }

  function showWalk(walk, k, share) {
    const end = walk.x.length - 1, i = Math.min(k, end), rolls = share > 0 && i < end;
    const [x, y] = rolls ? onTheWay(walk, i, share, script.curve) : [walk.x[i], walk.y[i]];
    const lossX = rolls ? mix(walk.lossX[i], walk.lossX[i + 1], share) : walk.lossX[i];
    const lossY = rolls ? mix(walk.lossY[i], walk.lossY[i + 1], share) : walk.lossY[i];
    const points = (first, second, x, y) => [...first.slice(0, i + 1).map((at, j) => `${at},${second[j]}`),
      ...(rolls ? [`${x},${y}`] : [])];
    setParts({
      [`path ${walk.name}`]: { d: `M${points(walk.x, walk.y, x, y).join("L")}` },
      [`signs ${walk.name}`]: { d: walk.signs.slice(0, i).join("") },
      [`ball ${walk.name}`]: { transform: `translate(${x} ${y})` },
      [`losses ${walk.name}`]: { points: points(walk.lossX, walk.lossY, lossX, lossY).join(" ") },
      [`loss ${walk.name}`]: { transform: `translate(${lossX} ${lossY}) scale(1.4)` },
    });
  }

  function setParts(looks) {
    for (const [name, look] of Object.entries(looks))
      for (const [key, value] of Object.entries(look))
        if (parts[name].getAttribute(key) !== value) parts[name].setAttribute(key, value);
  }

  function showStep(k) {
    setParts(frame(k).parts);
    for (const [key, text] of Object.entries(frame(k).texts)) if (texts[key]) texts[key].textContent = text;
    tell(k, frame(k));
  }

  function tell(k, { lines, ends: verdicts }) {
    told.replaceChildren(...lines.map(line));
    ends.replaceChildren(...verdicts.map(line));
    range.value = k;
    counter.textContent = fill(facts.diverged && k === last() ? words.cut : words.counter, { k, n: last() });
    range.setAttribute("aria-valuetext", counter.textContent);
    buttons.first.disabled = buttons.back.disabled = k === 0;
    buttons.forward.disabled = buttons.last.disabled = k === last();
  }

  // ------------------------------------------------------------ playing

  function stopRolling() {
    cancelAnimationFrame(timer);
    rolling = timer = null;
  }

  function roll(from) {
    rolling = from;
    began = performance.now();
    timer = requestAnimationFrame(tick);
  }

  function tick(now) {
    const from = rolling, pace = Number(speed.value);
    const share = Math.min(1, Math.max(0, now - began) / (ROLL_SHARE * pace));
    if (share < 1) show(from + ease(share));
    else if (step() !== from + 1) save(from + 1);
    else if (now - began >= pace) return next();
    timer = requestAnimationFrame(tick);
  }

  // Playing ends where all has been seen.
  function next() {
    stopRolling();
    if (playing && step() < Math.min(script.end, last())) roll(step());
    else pause();
  }

  function save(k) {
    if (playing && k >= Math.min(script.end, last())) told.setAttribute("aria-live", "polite");  // how it ends is read
    model.set("step", k);
    model.save_changes();
    show(k);
  }

  function go(k) {
    stopRolling();
    save(Math.min(last(), Math.max(0, k)));
  }

  function showPlay(path, title) {
    buttons.play.replaceChildren(icon(path), ` ${playing ? words.pause : words.play}`);
    for (const name of ["title", "aria-label"]) buttons.play.setAttribute(name, title);
  }

  function pause() {
    if (playing && rolling !== null && step() === rolling) go(rolling + 1);  // a ball stops at a place of its walk
    playing = false;
    stopRolling();
    told.setAttribute("aria-live", "polite");
    showPlay(PLAY, CALM.matches ? words.calm : words.play);
  }

  function play() {
    const end = Math.min(script.end, last());
    if (CALM.matches) return go(step() >= end ? 0 : step() + 1);
    if (step() >= end) go(0);
    playing = true;
    told.setAttribute("aria-live", "off");  // a screen reader could not follow
    showPlay(PAUSE, words.pause);
    roll(step());
  }

  function forward() {
    if (rolling !== null && step() === rolling) go(rolling + 1);
    if (step() >= last()) return;
    if (CALM.matches) go(step() + 1);
    else { stopRolling(); roll(step()); }
  }

  const actions = {
    first: () => go(0),
    back: () => go(step() - 1),
    forward,
    last: () => go(last()),
    play,
  };

  transport.addEventListener("click", event => {
    const { action } = event.target.closest("button")?.dataset ?? {};
    if (!action || !facts) return;
    const wasPlaying = playing;
    if (playing) pause();
    if (!wasPlaying || action !== "play") withFrames(actions[action]);
  });
  range.addEventListener("input", () => {
    const k = Number(range.value);
    if (playing) pause();
    withFrames(() => go(k));
  });
  transport.addEventListener("keydown", event => {  // these keys are not the notebook's
    if (KEYS.includes(event.key) && !event.ctrlKey && !event.metaKey && !event.shiftKey) event.stopPropagation();
  });

  const changeStep = () => { if (script && rolling === null) show(step()); };
  picture.addEventListener("redrawn", readPicture);
  const stopListening = listen(model, { "change:step": changeStep, "change:frames": takeFrames });
  CALM.addEventListener("change", pause);
  readPicture();
  pause();
  return () => {
    stopRolling();
    picture.removeEventListener("redrawn", readPicture);
    CALM.removeEventListener("change", pause);
    stopListening();
    clearTimeout(asking);
    stopPicture();
  };
}
export default { render: renderWalk };
