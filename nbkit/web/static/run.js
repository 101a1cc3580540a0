
// Says beside "Run this chapter here" what this browser makes of it; the link itself needs no script.
function storage() {
  return new Promise(done => {
    try {  // where nothing may be kept, asking alone can fail, or nothing answers that can be used
      const asked = indexedDB.open("nbkit-can-be-kept");
      asked.onsuccess = () => {
        asked.result.close();
        indexedDB.deleteDatabase("nbkit-can-be-kept");
        done(true);
      };
      asked.onerror = () => done(false);
    } catch {
      done(false);
    }
  });
}

function hindrance() {
  if (location.protocol === "file:") return RUN.file;
  return ["WebAssembly", "BigInt64Array", "Worker"].every(needed => needed in window) ? "" : RUN.old;
}

async function asides(size) {
  const small = matchMedia("(max-width: 700px)").matches || matchMedia("(pointer: coarse)").matches;
  const said = (navigator.connection?.saveData ? [RUN.metered] : small ? [RUN.small] : [])
    .map(words => words.replace("{size}", size));
  if (!await storage()) return [...said, RUN.unsaved];
  return "serviceWorker" in navigator ? said : [...said, RUN.noFiles];
}

function paragraph(...parts) {
  const made = document.createElement("p");
  made.append(...parts);
  return made;
}

function code(text) {
  const made = document.createElement("code");
  made.textContent = text;
  return made;
}

function link(words, address) {
  const made = document.createElement("a");
  made.href = address;
  made.textContent = words;
  return made;
}

function wayOn(box) {
  const way = box.dataset.binder ? link(RUN.onBinder, box.dataset.binder)
    : RUN.installing ? link(RUN.byInstalling, RUN.installing) : "";
  if (!way) return [];
  const [before, after] = RUN.way.split("{}");
  return [RUN.gap + before, way, after];
}

async function sayWhatRuns() {
  const boxes = document.querySelectorAll(".run");
  if (!boxes.length) return;
  const hindered = hindrance();
  if (!hindered) {
    boxes[0].append(...(await asides(boxes[0].dataset.size)).map(words => paragraph(words)));
    return;
  }
  for (const box of boxes) {
    const told = paragraph(...hindered.split("`").map((part, place) => place % 2 ? code(part) : part), ...wayOn(box));
    told.className = "hindered";
    box.replaceChildren(told);
  }
  boxes[0].id = "run";
  for (const there of document.querySelectorAll("a.to-run")) there.href = "#run";  // where it is said why
  for (const quiet of document.querySelectorAll(".run-quietly")) quiet.parentElement.remove();
}

sayWhatRuns();
