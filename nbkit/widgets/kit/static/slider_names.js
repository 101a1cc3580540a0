// Gives sliders the names and values that a screen reader needs: ipywidgets writes a label beside a handle, but does
// not tie the two together, and tells the index of a value in its list, or all of its digits, not the number shown.
const rowOf = node => (node.closest ? node : node.parentElement)?.closest(".widget-inline-hbox, .widget-inline-vbox");

// While a number is typed beside a slider, the slider stands still.
function tellValue(row) {
  const handles = row.querySelectorAll(".noUi-handle");
  const readout = row.querySelector(".widget-readout");
  const seen = readout?.textContent.trim();
  if (handles.length !== 1 || !seen || readout === document.activeElement) return;
  if (handles[0].getAttribute("aria-valuetext") !== seen) handles[0].setAttribute("aria-valuetext", seen);
}

function sliderNames(unnamed) {
  // noUiSlider rewrites the value with each move, so each time the one that is seen takes its place.
  const watch = new MutationObserver(changes => {
    for (const row of new Set(changes.map(change => rowOf(change.target)))) if (row) tellValue(row);
  });
  const watched = new WeakSet();

  function nameAll(panel) {
    for (const handle of panel.querySelectorAll(".noUi-handle")) {
      const row = rowOf(handle);
      handle.setAttribute("aria-label", row?.querySelector(".widget-label")?.textContent || unnamed);
      const readout = row?.querySelector(".widget-readout");
      if (!readout || watched.has(handle)) continue;
      watched.add(handle);
      watch.observe(handle, { attributes: true, attributeFilter: ["aria-valuetext"] });
      watch.observe(readout, { childList: true, characterData: true, subtree: true });
      tellValue(row);
    }
  }
  return { nameAll, stop: () => watch.disconnect() };
}

