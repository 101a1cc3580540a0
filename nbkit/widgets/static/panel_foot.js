// The last line of every widget of the course: shows its message, and gives the panel's sliders the names that a
// screen reader needs (ipywidgets writes a label beside a handle, but does not tie the two together).
function render({ model, el }) {
  const line = document.createElement("div");
  line.setAttribute("role", "alert");
  const show = () => { line.textContent = model.get("value"); };
  model.on("change:value", show);
  show();
  el.classList.add("nbkit-message");
  el.append(line);

  function nameSliders() {
    for (const handle of el.closest(".widget-vbox")?.querySelectorAll(".noUi-handle") ?? []) {
      const row = handle.closest(".widget-inline-hbox, .widget-inline-vbox");
      handle.setAttribute("aria-label", row?.querySelector(".widget-label")?.textContent || "value");
    }
  }
  const waits = [0, 300, 1500].map(wait => setTimeout(nameSliders, wait)); // sliders may come up after this line
  return () => {
    waits.forEach(clearTimeout);
    model.off("change:value", show);
  };
}
export default { render };
