// Shows the picture that Python sends as text, and reports a hand on it: no maths, no layout, no network.
// A picture that can be touched has elements with data-pad (an area) or data-item (a thing that can be grabbed).
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LEAST = 0.6; // of its size: on a narrow page a picture is scrolled, not shrunk to dust
const ACTS = { Enter: "press", " ": "press", Delete: "delete", Backspace: "delete" };
const CALM = matchMedia("(prefers-reduced-motion: reduce)");
const REST = 1000;  // milliseconds that a picture then stands, where no hand but a training changes it
const TOLD = 5;
const HANDS = ["pointerdown", "pointermove", "keydown"];

function render({ model, el }) {
  const picture = document.createElement("div");
  el.classList.add("nbkit-svg-view");
  const svg = () => picture.querySelector("svg");
  let hand = null;  // where the pointer went down: what it holds
  let waiting = null;  // the latest drag that has not been sent
  let busy = null;  // a drag is answered by a new picture; until then no other is sent, so that none pile up
  let cursor = null;  // where the keyboard points, in units of the picture
  let shown = 0;  // when a picture was shown, and when a hand last did something in the page
  let touched = 0;
  let later = null;  // a picture that has to wait
  let arrived = 0;  // the number of the last picture that was told

  const touch = event => { if (event.type !== "pointermove" || event.buttons) touched = performance.now(); };

  function change() {
    const now = performance.now();
    const wait = CALM.matches && now - touched > REST ? shown + REST - now : 0;
    if (wait <= 0) show();
    else later ??= setTimeout(show, wait);
    confirm();
  }

  // Of pictures in a row of many the first and every fifth one is told to have arrived: Python waits for that.
  function confirm() {
    const number = model.get("number");
    if (number === arrived || (arrived && number - arrived < TOLD)) return;
    arrived = number;
    model.send({ arrived });
  }

  function show() {
    clearTimeout(later);
    later = null;
    shown = performance.now();
    const scrolled = el.scrollLeft;
    draw(picture, model.get("svg"));
    if (svg() && !svg().style.minWidth) svg().style.minWidth = `${LEAST * svg().viewBox.baseVal.width}px`;
    el.scrollLeft = scrolled;
    reveal();
    const touchable = svg()?.querySelector("[data-pad], [data-item]") != null;
    if (touchable !== picture.hasAttribute("tabindex")) touchable ? open() : close();
    clearTimeout(busy);
    busy = null;
    if (waiting) send(waiting);
    if (document.activeElement === picture) showCursor();
  }

  // Where the view scrolls, what is marked is brought into sight.
  function reveal() {
    const marked = [...picture.querySelectorAll(".mark-chosen")].map(mark => mark.getBoundingClientRect());
    const { left, right } = el.getBoundingClientRect();
    if (!marked.length || marked.some(box => box.right > left && box.left < right)) return;
    el.scrollLeft += (marked[0].left + marked[0].right - left - right) / 2;
  }

  function open() {
    for (const [name, value] of Object.entries({ tabindex: "0", role: "application", "aria-roledescription": "picture",
      "aria-label": "Picture to touch. Arrow keys move a cross, Enter presses there, Delete removes what is there." }))
      picture.setAttribute(name, value);
  }

  function close() {
    for (const name of ["tabindex", "role", "aria-roledescription", "aria-label"]) picture.removeAttribute(name);
  }

  function place(event) {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg().getScreenCTM().inverse());
    return { x, y };
  }

  const holds = element => ({
    pad: element?.closest?.("[data-pad]")?.dataset.pad ?? padUnder(element),
    item: element?.closest?.("[data-item]")?.dataset.item ?? null,
  });
  const padUnder = element => element?.closest?.("[data-on]")?.dataset.on ?? null;

  function send(message) {
    waiting = null;
    if (message.hand === "drag") busy = setTimeout(() => { busy = null; if (waiting) send(waiting); }, 250);
    model.send(message);
  }

  picture.addEventListener("pointerdown", event => {
    const held = holds(event.target);
    if (event.button !== 0 || (held.pad === null && held.item === null)) return;
    cursor = place(event);
    hand = { ...held, pointer: event.pointerId, at: cursor };
    picture.setPointerCapture(event.pointerId);
    send({ hand: "press", ...held, ...cursor });
  });
  picture.addEventListener("pointermove", event => {
    if (hand?.pointer !== event.pointerId) return;
    hand.at = place(event);
    waiting = { hand: "drag", pad: hand.pad, item: hand.item, ...hand.at };
    if (busy === null) send(waiting);
  });
  const drop = event => {
    if (hand?.pointer !== event.pointerId) return;
    if (waiting) model.send(waiting);  // the last place counts, however busy the kernel is
    const at = event.type === "pointercancel" ? hand.at : place(event);  // a cancelled one is nowhere: at (0, 0)
    send({ hand: "drop", pad: hand.pad, item: hand.item, ...at });
    hand = null;
  };
  picture.addEventListener("pointerup", drop);
  picture.addEventListener("pointercancel", drop);
  // A hand on the picture selects no text; and selected text, dragged to another place, would take the pointer away.
  for (const kind of ["selectstart", "dragstart"])
    picture.addEventListener(kind, event => { if (hand) event.preventDefault(); });

  function showCursor() {
    svg()?.querySelector(".nbkit-cursor")?.remove();
    if (!cursor || !picture.matches(":focus-visible")) return;
    const cross = document.createElementNS("http://www.w3.org/2000/svg", "g");
    const path = `M${cursor.x - 9} ${cursor.y}h18M${cursor.x} ${cursor.y - 9}v18`;
    cross.setAttribute("class", "nbkit-cursor");
    cross.setAttribute("style", "pointer-events:none");
    // Dark on a light edge: it is seen on every ground, in every theme.
    cross.innerHTML = `<path d="${path}" style="stroke:#fff;stroke-width:6;stroke-linecap:square"/>
      <path d="${path}" style="stroke:#000;stroke-width:2"/>`;
    svg().append(cross);
  }

  function underCursor() {
    const { x, y } = new DOMPoint(cursor.x, cursor.y).matrixTransform(svg().getScreenCTM());
    return holds(document.elementFromPoint(x, y));
  }

  picture.addEventListener("keydown", event => {
    const step = STEPS[event.key];
    const act = ACTS[event.key];
    if (!picture.hasAttribute("tabindex") || !(step || act)) return;
    event.preventDefault();
    event.stopPropagation();
    cursor ??= middle();
    if (step) {
      const far = event.shiftKey ? 1 : 8;
      cursor = { x: cursor.x + far * step[0], y: cursor.y + far * step[1] };
      showCursor();
      return;
    }
    const held = underCursor();
    if (held.pad === null && held.item === null) return;
    send({ hand: act, ...held, ...cursor });
    if (act === "press") send({ hand: "drop", ...held, ...cursor });
  });
  picture.addEventListener("focus", () => { cursor ??= middle(); showCursor(); });
  picture.addEventListener("blur", () => svg()?.querySelector(".nbkit-cursor")?.remove());

  function middle() {
    const { x, y, width, height } = svg().querySelector("[data-pad], [data-item]").getBBox();
    return { x: x + width / 2, y: y + height / 2 };
  }

  for (const kind of HANDS) document.addEventListener(kind, touch, true);
  model.on("change:svg", change);
  show();
  confirm();
  el.append(picture);
  return () => {
    clearTimeout(busy);
    clearTimeout(later);
    for (const kind of HANDS) document.removeEventListener(kind, touch, true);
    model.off("change:svg", change);
  };
}
export default { render };
