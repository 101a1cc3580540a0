// A slider over a list of stops shows what is typed into its number, but ipywidgets makes nothing of it: here it goes to
// the stop that is nearest, and the number says which. What is no number gives way to the stop that there was.
const stopped = new WeakMap(); // the number beside a slider with stops -> the slider's model

function numberIn(text) {
  const plain = text.replace("−", "-").replace(",", ".");
  return NUMBER.test(plain) ? parseFloat(plain) : NaN;
}

// The kernel tells which models these are; where their numbers stand, each page knows.
async function findStops(model, panel) {
  for (const id of model.get("stops")) {
    try {
      const slider = await model.widget_manager.get_model(id);
      for (const view of Object.values(slider.views ?? {})) {
        const box = (await view).el.querySelector(".widget-readout");
        if (panel.contains(box)) stopped.set(box, slider);
      }
    } catch {
      // closed meanwhile
    }
  }
}

function goToStop(box) {
  const slider = stopped.get(box), labels = slider.get("_options_labels"), stops = labels.map(numberIn);
  const typed = Math.max(Math.min(...stops), Math.min(Math.max(...stops), numberIn(box.textContent)));
  const far = stops.map(stop => Math.abs(stop - typed));
  const index = Number.isNaN(typed) ? slider.get("index") : far.indexOf(Math.min(...far));
  if (index !== slider.get("index")) {
    slider.set("index", index);
    slider.save_changes();
  }
  box.textContent = labels[index];
}
