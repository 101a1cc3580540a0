// Lets the numbers of a step travel: those that arrive go along their edges into the node that acts, those that it
// makes come out, and where several gradients meet at a value they run together into their sum. The picture shows the
// step from the beginning, and this runs in front of it: whatever comes next ends it.
const TRAVEL = 300;  // milliseconds that a number is on its way at most
const PARTS = 3;  // of a step: in, out, and together
const FRAMES = 12;  // points of an edge through which a number goes
const LETTER = 8;  // pixels

function motion(picture) {
  let running = [];  // what is to be done to end each of them

  function stop() {
    running.forEach(end => end());
    running = [];
  }

  const edges = (end, node) => [...picture.querySelectorAll(`[data-edge][data-${end}="${CSS.escape(node)}"]`)];

  // How far along its line a label stands: the line runs from left to right.
  function middle(line, text) {
    const x = Number(text.getAttribute("x"));
    let [low, high] = [0, line.getTotalLength()];
    while (high - low > 1) {
      const half = (low + high) / 2;
      if (line.getPointAtLength(half).x < x) low = half; else high = half;
    }
    return low;
  }

  // A journey of a number along an edge, between the "tail", the "label" and the "head" of it.
  function journey(edge, kind, from, to, delay) {
    const line = edge.querySelector(".line"), label = edge.querySelector(`[data-from] > .${kind}`)?.parentNode;
    if (!line || !label) return [];
    const text = label.querySelector("text");  // of an array, its shape
    const places = { tail: 0, label: middle(line, text), head: line.getTotalLength() };
    const frames = Array.from({ length: FRAMES + 1 }, (_none, k) => {
      const { x, y } = line.getPointAtLength(places[from] + (k / FRAMES) * (places[to] - places[from]));
      return { transform: `translate(${x}px, ${y}px)`, opacity: 1 };
    });
    const brings = to === "label" ? label : null;
    return [{ svg: edge.ownerSVGElement, kind, number: text.textContent.replace(/^← /, ""), frames, delay, brings }];
  }

  function start({ svg, kind, number, frames, delay, brings }, duration) {
    const token = drawn("g", { class: `nbkit-token ${kind}-token`, "aria-hidden": "true" });
    const width = LETTER * number.length + 12;
    token.append(drawn("rect", { x: -width / 2, y: -10, width, height: 20, rx: 10 }), drawn("text", { y: 4.5 }, number));
    svg.append(token);
    const moving = token.animate(frames, { delay, duration, easing: "ease-in-out" });
    moving.onfinish = () => token.remove();
    running.push(() => { moving.cancel(); token.remove(); });
    if (brings) holdBack(brings, delay + duration);
  }

  // Shows a label only when its number is there.
  function holdBack(label, duration) {
    const waiting = label.animate([{ opacity: 0 }, { opacity: 0 }], { duration });
    running.push(() => waiting.cancel());
  }

  // Shows how step k came about; `wait` is the time until the next one, if it is known.
  function show(k, turn, wait) {
    stop();
    const duration = Math.min(TRAVEL, wait / (PARTS + 1));
    const backward = k >= turn;
    const kind = backward ? "grad" : "val";
    const [before, after] = backward ? ["tail", "head"] : ["head", "tail"];  // ends of edges that run into the node
    const node = picture.querySelector("g[data-node].acting")?.dataset.node;
    let delay = 0;
    const arriving = node === undefined ? [] : edges(before, node);
    const hasSum = backward && arriving.length > 1;  // it stands at the node already
    const journeys = hasSum ? [] : arriving.flatMap(edge => journey(edge, kind, "label", before, delay));
    if (journeys.length) delay += duration;
    const leaving = node === undefined ? [...picture.querySelectorAll("[data-edge].acting")] : edges(after, node);
    journeys.push(...leaving.flatMap(edge => journey(edge, kind, after, "label", delay)));
    delay += duration;
    const sums = [...picture.querySelectorAll(`g[data-node] > .grad[data-from="${k}"]`)];
    const meeting = sums.flatMap(sum => edges("tail", sum.parentNode.dataset.node));
    journeys.push(...meeting.flatMap(edge => journey(edge, "grad", "label", "tail", delay)));
    // All is measured before anything is drawn: browsers would lay out the picture anew for each.
    journeys.forEach(each => start(each, duration));
    sums.forEach(sum => holdBack(sum, delay + duration));
  }

  return { show, stop };
}

