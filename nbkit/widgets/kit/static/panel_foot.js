// The last line of every widget of the course: shows its message, gives the panel's sliders the names and the values
// that a screen reader needs (ipywidgets writes a label beside a handle, but does not tie the two together, and tells the
// place of a value in its list, or all digits of it, where the eye sees a rounded number), keeps the keys of lists,
// with which JupyterLab would walk to another cell, or cut this one, and lets numbers be typed as half of the world
// writes them, with a comma. When the kernel is gone, it says so, once for the whole panel.
const NUMBER = /^\s*[+-]?\d*[.,]?\d*(e[+-]?\d+)?\s*$/i;

// ipywidgets would read 0,5 as 0, and could not read the − that it shows itself; what is no number gives way to the old.
function readNumber(event) {
  const box = event.target;
  const key = box.matches?.(".widget-readout[contenteditable]") ? "textContent" : box.inputMode === "decimal" && "value";
  if (!key || (event.type === "keydown" && event.key !== "Enter")) return;
  if (stopped.has(box)) {
    if (event.type === "keydown") event.preventDefault(); // no second line
    return goToStop(box);
  }
  const text = box[key].replace("−", "-");
  box[key] = NUMBER.test(text) ? text.replace(",", ".") : "?";
}

// A browser drops a comma that its own language does not use, and makes 25 of 0,25: so its box for numbers is not used.
function openToCommas(box) {
  box.type = "text";
  box.inputMode = "decimal";
}

const rowOf = node => (node.closest ? node : node.parentElement)?.closest(".widget-inline-hbox, .widget-inline-vbox");

// While somebody types into the number beside a slider, the slider stands still.
function tellValue(row) {
  const handles = row.querySelectorAll(".noUi-handle");
  const readout = row.querySelector(".widget-readout");
  const seen = readout?.textContent.trim();
  if (handles.length !== 1 || !seen || readout === document.activeElement) return;
  if (handles[0].getAttribute("aria-valuetext") !== seen) handles[0].setAttribute("aria-valuetext", seen);
}

function render({ model, el }) {
  const line = document.createElement("div");
  line.setAttribute("role", "alert");
  const show = () => { line.textContent = model.get(gone ? "gone" : "value"); };
  let gone = false;

  // ipywidgets puts a broken chain before each of thirty controls, which then throw errors when they are pressed.
  const follow = () => setTimeout(() => {
    const panel = el.closest(".widget-vbox");
    gone = panel?.classList.contains("jupyter-widgets-disconnected") ?? false;
    panel?.classList.toggle("nbkit-gone", gone);
    for (const part of panel?.children ?? []) part.inert = gone && !part.contains(el);
    show();
  });
  model.on("comm_live_update", follow);
  model.on("change:value", show);
  show();
  el.classList.add("nbkit-message");
  el.append(line);

  const keepKeys = event => {
    if (event.target.matches("select") && !event.ctrlKey && !event.metaKey) event.stopPropagation();
  };

  const lookForStops = event => findStops(model, event.currentTarget);
  // noUiSlider writes the value anew with each move, so each time the one that is seen takes its place.
  const watch = new MutationObserver(changes => {
    for (const row of new Set(changes.map(change => rowOf(change.target)))) if (row) tellValue(row);
  });
  const watched = new WeakSet();

  function nameSliders() {
    const panel = el.closest(".widget-vbox");
    panel?.addEventListener("focusin", lookForStops); // before anything is typed, however late a slider came up
    for (const kind of ["keydown", "change", "blur"]) panel?.addEventListener(kind, readNumber, true); // once, however often asked
    panel?.addEventListener("keydown", keepKeys);
    panel?.querySelectorAll("input[type=number][step=any]").forEach(openToCommas);
    for (const handle of panel?.querySelectorAll(".noUi-handle") ?? []) {
      const row = rowOf(handle);
      handle.setAttribute("aria-label", row?.querySelector(".widget-label")?.textContent || "value");
      const readout = row?.querySelector(".widget-readout");
      if (!readout || watched.has(handle)) continue;
      watched.add(handle);
      watch.observe(handle, { attributes: true, attributeFilter: ["aria-valuetext"] });
      watch.observe(readout, { childList: true, characterData: true, subtree: true });
      tellValue(row);
    }
  }
  const waits = [0, 300, 1500].map(wait => setTimeout(nameSliders, wait)); // sliders may come up after this line
  return () => {
    waits.forEach(clearTimeout);
    watch.disconnect();
    model.off("comm_live_update", follow);
    model.off("change:value", show);
  };
}
export default { render };
