// Shows the picture that Python sends as text, and reports clicks, drags and keys on it: no maths, no layout.
// An interactive picture has elements with data-area (an area) or data-item (a thing that can be grabbed, and a handle
// if its role is "slider").
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const MIN_SCALE = 0.6; // on a narrow page a picture is scrolled, not shrunk further
const ACTS = { Enter: "press", " ": "press", Delete: "delete", Backspace: "delete" };
const CALM = matchMedia("(prefers-reduced-motion: reduce)");
const CALM_INTERVAL = 1000; // milliseconds that a picture then stands, where no user but a training changes it
const CONFIRM_EVERY = 5; // pictures
const DRAG_TIMEOUT = 250; // milliseconds after which a drag that no picture has answered is not waited for
const FOR_CROSS = `[data-area], [data-item]:not(${HANDLE})`; // what the keyboard reaches with a cross
const ACTIVITY = ["pointerdown", "pointermove", "keydown"];

function render({ model, el }) {
  const picture = element("div");
  el.classList.add("nbkit-svg-view");
  const svg = () => picture.querySelector("svg");
  let held = null;  // what the pointer went down on, until it lets go
  let waiting = null;  // the latest drag that has not been sent
  let busy = null;  // a drag is answered by a new picture; until then no other is sent, so that none pile up
  let cursor = null;  // where the keyboard points, in units of the picture
  let shown = 0;  // when a picture was shown last
  let active = 0;  // when the user last did something in the page
  let later = null;  // the timer of a picture that has to wait
  let confirmed = 0;  // the number of the picture that was confirmed last
  let width = 0;  // of the picture
  const edges = fadeEdges(el);

  const noteActivity = event => { if (event.type !== "pointermove" || event.buttons) active = performance.now(); };

  function change() {
    const now = performance.now();
    const wait = CALM.matches && now - active > CALM_INTERVAL ? shown + CALM_INTERVAL - now : 0;
    if (wait <= 0) show();
    else later ??= setTimeout(show, wait);
    confirm();
  }

  // Confirms the first picture and then every fifth: Python sends no more than a few ahead.
  function confirm() {
    const number = model.get("number");
    if (number === confirmed || (confirmed && number - confirmed < CONFIRM_EVERY)) return;
    confirmed = number;
    model.send({ kind: "arrived", number });
  }

  function show() {
    clearTimeout(later);
    later = null;
    shown = performance.now();
    redraw(picture, model.get("svg"));
    const before = width;
    width = svg()?.viewBox.baseVal.width;
    const smallest = svg()?.style.minWidth ? "" : `${MIN_SCALE * width}px`;  // a picture may have one of its own
    if (picture.style.minWidth !== smallest) picture.style.minWidth = smallest;
    if (width !== before) edges.look();
    reveal();
    const interactive = svg()?.querySelector(FOR_CROSS) != null;
    if (interactive !== picture.hasAttribute("tabindex")) interactive ? makeInteractive() : makeStatic();
    answered();
    if (document.activeElement === picture) showCursor();
  }

  // The last drag or key was answered, by a picture or by the word that the picture stays.
  function answered() {
    clearTimeout(busy);
    busy = null;
    if (waiting) send(waiting);
  }

  // Where the view scrolls, what is marked is brought into sight.
  function reveal() {
    const marked = [...picture.querySelectorAll(".mark-chosen")].map(mark => mark.getBoundingClientRect());
    if (!marked.length) return;  // to ask where the view stands would let the browser lay out at once
    const { left, right } = el.getBoundingClientRect();
    if (marked.some(box => box.right > left && box.left < right)) return;
    el.scrollLeft += (marked[0].left + marked[0].right - left - right) / 2;
  }

  function makeInteractive() {
    const words = model.get("words");
    for (const [name, value] of Object.entries({ tabindex: "0", role: "application",
      "aria-roledescription": words.role, "aria-label": words.help })) picture.setAttribute(name, value);
  }

  function makeStatic() {
    for (const name of ["tabindex", "role", "aria-roledescription", "aria-label"]) picture.removeAttribute(name);
  }

  function place(event) {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg().getScreenCTM().inverse());
    return { x, y };
  }

  const targetOf = node => ({
    area: node?.closest?.("[data-area]")?.dataset.area ?? node?.closest?.("[data-on]")?.dataset.on ?? null,
    item: node?.closest?.("[data-item]")?.dataset.item ?? null,
  });

  function send(message) {
    waiting = null;
    if (message.kind === "drag" || message.kind === "key") busy = setTimeout(answered, DRAG_TIMEOUT);
    model.send(message);
  }

  picture.addEventListener("pointerdown", event => {
    const target = targetOf(event.target);
    if (event.button !== 0 || (target.area === null && target.item === null)) return;
    cursor = place(event);
    held = { target, pointer: event.pointerId, at: cursor };
    picture.setPointerCapture(event.pointerId);
    picture.style.cursor = getComputedStyle(event.target).cursor;  // what was grabbed may be drawn elsewhere by now
    send({ kind: "press", ...target, ...cursor });
  });
  // Browsers heed `touch-action` only where an element is a box of CSS: for what is drawn, this does the same.
  picture.addEventListener("touchstart", event => {
    if (getComputedStyle(event.target).touchAction === "none") event.preventDefault();
  }, { passive: false });
  picture.addEventListener("pointermove", event => {
    if (held?.pointer !== event.pointerId) return;
    held.at = place(event);
    waiting = { kind: "drag", ...held.target, ...held.at };
    if (busy === null) send(waiting);
  });
  const drop = event => {
    if (held?.pointer !== event.pointerId) return;
    if (waiting) model.send(waiting);  // the last place counts, however busy the kernel is
    const at = event.type === "pointercancel" ? held.at : place(event);  // a cancelled one is nowhere: at (0, 0)
    send({ kind: "drop", ...held.target, ...at });
    held = null;
    picture.style.cursor = "";
  };
  picture.addEventListener("pointerup", drop);
  picture.addEventListener("pointercancel", drop);
  // A drag on the picture selects no text; and selected text, dragged to another place, would take the pointer away.
  for (const kind of ["selectstart", "dragstart"])
    picture.addEventListener(kind, event => { if (held) event.preventDefault(); });

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
    return targetOf(document.elementFromPoint(x, y));
  }

  function keyOnHandle(event, handle) {
    const pressed = event.key === "Enter" || event.key === " ";
    if (!pressed && !VALUE_KEYS.includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    const target = targetOf(handle);
    if (!pressed) {
      // A key that is held down never runs ahead of the pictures.
      if (busy === null || !event.repeat) send({ kind: "key", item: target.item, key: event.key });
      return;
    }
    const { left, top, width, height } = handle.getBoundingClientRect();
    const at = place({ clientX: left + width / 2, clientY: top + height / 2 });
    for (const kind of ["press", "drop"]) send({ kind, ...target, ...at });
  }

  picture.addEventListener("keydown", event => {
    const handle = handleOf(event.target);
    if (handle) return keyOnHandle(event, handle);
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
    const target = underCursor();
    if (target.area === null && target.item === null) return;
    send({ kind: act, ...target, ...cursor });
    if (act === "press") send({ kind: "drop", ...target, ...cursor });
  });
  picture.addEventListener("focus", () => { cursor ??= middle(); showCursor(); });
  picture.addEventListener("blur", () => svg()?.querySelector(".nbkit-cursor")?.remove());

  function middle() {
    const { x, y, width, height } = svg().querySelector(FOR_CROSS).getBBox();
    return { x: x + width / 2, y: y + height / 2 };
  }

  for (const kind of ACTIVITY) document.addEventListener(kind, noteActivity, true);
  const stopListening = listen(model, { "change:svg": change, "msg:custom": answered });
  show();
  confirm();
  el.append(picture);
  return () => {
    clearTimeout(busy);
    clearTimeout(later);
    edges.stop();
    for (const kind of ACTIVITY) document.removeEventListener(kind, noteActivity, true);
    stopListening();
  };
}
export default { render };
