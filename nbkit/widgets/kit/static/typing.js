// Numbers may be typed as half of the world writes them, with a comma; a number beside a slider over a list of stops
// goes to the nearest stop. What is no number gives way to the old one.
const NUMBER = /^\s*[+-]?\d*[.,]?\d*(e[+-]?\d+)?\s*$/i;
const stopped = new WeakMap(); // the number beside a slider with stops -> the slider's model

// ipywidgets would read 0,5 as 0, and could not read the − that it shows itself.
function readNumber(event) {
  const box = event.target;
  const isReadout = box.matches?.(".widget-readout[contenteditable]");
  const key = isReadout ? "textContent" : box.inputMode === "decimal" && "value";
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

// A slider over stops shows what is typed, but ipywidgets makes nothing of it: the number then says which stop it is.
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

// Listens before anything is typed, however late a slider came up. The same handlers are added once, however often this
// is called.
function readTyping(panel, lookForStops) {
  panel.addEventListener("focusin", lookForStops);
  for (const kind of ["keydown", "change", "blur"]) panel.addEventListener(kind, readNumber, true);
  panel.querySelectorAll("input[type=number][step=any]").forEach(openToCommas);
}

