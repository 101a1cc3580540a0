// The last line of every panel: it shows messages, says once for the whole panel when the kernel is gone, and looks
// after its controls.

// With a key for a control JupyterLab would walk to another cell, or cut this one. Shift+Enter still runs the cell, and
// Escape gives the keys back to the notebook.
function keepKeys(event) {
  const runs = event.key === "Enter" && event.shiftKey;
  if (!event.ctrlKey && !event.metaKey && !event.altKey && !runs && event.key !== "Escape") event.stopPropagation();
}

function render({ model, el }) {
  const line = element("div", { role: "alert" });
  let gone = false;
  const show = () => { line.textContent = model.get(gone ? "gone" : "value"); };
  const panelOf = () => el.closest(".widget-vbox");

  // ipywidgets puts a broken chain before each of thirty controls, which then throw errors when they are pressed.
  const lookForKernel = () => setTimeout(() => {
    const panel = panelOf();
    gone = panel?.classList.contains("jupyter-widgets-disconnected") ?? false;
    panel?.classList.toggle("nbkit-gone", gone);
    for (const part of panel?.children ?? []) part.inert = gone && !part.contains(el);
    show();
  });
  show();
  el.classList.add("nbkit-message");
  el.append(line);

  const lookForStops = event => findStops(model, event.currentTarget);
  const names = sliderNames(model.get("unnamed"));
  function lookAfterControls() {
    const panel = panelOf();
    if (!panel) return;
    panel.addEventListener("keydown", keepKeys);
    readTyping(panel, lookForStops);
    names.nameAll(panel);
    markRelated(panel, el);
  }
  let waits = [];
  function lookSoon() { // sliders may come up after this line
    waits.forEach(clearTimeout);
    waits = [0, 300, 1500].map(wait => setTimeout(lookAfterControls, wait));
  }
  const stopListening = listen(model,
    { "comm_live_update": lookForKernel, "change:value": show, "change:changes": lookSoon });
  lookSoon();
  return () => {
    waits.forEach(clearTimeout);
    names.stop();
    stopListening();
  };
}
export default { render };
