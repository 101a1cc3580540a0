// A slider and what a picture draws of the same value are marked together, when either has the pointer or the focus: a
// `handle` by its data-item, other parts of the picture by their data-of, the slider by its label.
const sliderRow = node => node?.closest?.(".widget-inline-hbox:has(.noUi-handle)");
const labelOf = row => row.querySelector(".widget-label")?.textContent ?? null;
const relatedName = node => node?.closest?.(".handle")?.dataset.item ?? (sliderRow(node) && labelOf(sliderRow(node))) ?? null;
let relatedPanels = 0;

function markRelated(panel, line) {
  if (panel.dataset.nbkitRelated) return;
  panel.dataset.nbkitRelated = relatedPanels += 1;
  // A rule, and no class: the next picture takes away what Python has not written.
  const style = line.appendChild(element("style"));
  let over = null, focused = null, shown = null;

  function show() {
    const name = over ?? focused;
    if (name === shown) return;
    shown = name;
    for (const row of panel.querySelectorAll(".widget-inline-hbox"))
      row.classList.toggle("nbkit-related", name !== null && sliderRow(row) !== null && labelOf(row) === name);
    const quoted = name === null ? "" : `="${CSS.escape(name)}"]`;
    const scope = `[data-nbkit-related="${panel.dataset.nbkitRelated}"]`;
    style.textContent = quoted && `${scope} :is([data-item${quoted}, [data-of${quoted}) { --nbkit-glow: var(--nbkit-mark); }`;
  }
  // While something is dragged, it stays marked wherever the pointer is.
  panel.addEventListener("pointerover", event => { if (!event.buttons) { over = relatedName(event.target); show(); } });
  panel.addEventListener("pointerleave", event => { if (!event.buttons) { over = null; show(); } });
  panel.addEventListener("focusin", event => { focused = relatedName(event.target); show(); });
  panel.addEventListener("focusout", () => { focused = null; show(); });
}
