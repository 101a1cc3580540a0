// What happens until Python is ready, in words and megabytes.
// The page itself takes the files that Python needs at the start, with their progress; Python then finds them in the
// browser's cache, or joins a download that is under way.
const AT_ONCE = 3; // JupyterLab's own files come at the same time, and over six connections at most
const READY_STAYS = 3000; // milliseconds
const PACE = matchMedia("(prefers-reduced-motion: reduce)").matches ? 1000 : 200; // milliseconds between two figures
const ALL = facts.files.reduce((sum, file) => sum + file.sent, 0); // bytes over the line; a stream tells of more

const load = { got: 0, done: false, failed: false, phase: "" };
const shown = {
  words: element("span", { id: "nbkit-live-words", ariaHidden: "true" }),
  bar: element("progress", { id: "nbkit-live-progress", max: 1, ariaLabel: words.download }),
  said: element("span", { id: "nbkit-live-said", role: "status" }), // for screen readers: once for each phase
};
shown.line = element("div", { id: "nbkit-live-loading" }, shown.words, shown.bar, shown.said);
const inMB = bytes => (bytes / 1e6).toFixed(1);

async function download() {
  const queue = [...facts.files];
  load.failed = false;
  load.got = 0;
  const takeNext = async () => {
    for (let file = queue.shift(); file && !load.failed; file = queue.shift()) await take(file, queue);
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, takeNext));
    load.done = true;
  } catch (error) {
    console.warn(error);
    load.failed = true;
  }
  draw();
}

async function take(file, queue) {
  const response = await fetch(ROOT + file.url, { priority: "low" });
  if (!response.ok) throw new Error(`${file.url}: ${response.status}`);
  if (/no-store/.test(response.headers.get("Cache-Control"))) { // it would be downloaded twice: let Python do it alone
    queue.length = 0;
    load.alone = true;
    return response.body.cancel();
  }
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    load.got += part.value.length * file.sent / file.bytes;
    drawSoon();
  }
}

// The kernel of the notebook in front decides: a second notebook, and a restart, are told of as well.
function phase() {
  if (load.failed) return "failed";
  if (!load.shown) return "lab";
  const session = load.app.shell.currentWidget?.sessionContext;
  const status = session?.session?.kernel?.status;
  if (status === "idle" || status === "busy") return load.phase && load.phase !== "none" ? "ready" : "none";
  if (status === "dead") return "none";
  if (!load.done) return "python";
  return session?.kernelPreference?.shouldStart && !session.isDisposed ? "starts" : "none";
}

const sentences = {
  lab: () => words.lab,
  python: () => load.alone ? fill(words.alone, { all: inMB(ALL) })
    : fill(words.coming, { got: inMB(Math.min(load.got, ALL)), all: inMB(ALL) }),
  starts: () => words.starts,
  ready: () => words.ready,
};

function draw() {
  const now = phase();
  if (now !== load.phase) {
    load.phase = now;
    shown.line.hidden = !(now in sentences);
    shown.line.dataset.phase = now;
    shown.said.textContent = now === "python" ? fill(words.alone, { all: inMB(ALL) }) : sentences[now]?.() ?? "";
    clearTimeout(load.leaving);
    if (now === "ready") load.leaving = setTimeout(leave, READY_STAYS);
    if (now === "failed") {
      const sentence = load.shown ? words.failed : words.stopped;
      note("nbkit-live-failed", sentence, { label: words.again, name: "again", run: tryAgain });
    }
  }
  if (!(now in sentences)) return;
  const text = sentences[now]();
  if (shown.words.textContent !== text) shown.words.textContent = text;
  shown.bar.hidden = now === "ready";
  if (now === "starts" || load.alone) shown.bar.removeAttribute("value");
  else shown.bar.value = Math.min(load.got / ALL, 1);
}

function leave() {
  load.phase = shown.line.dataset.phase = "none";
  shown.line.hidden = true;
}

function drawSoon() {
  load.soon ??= setTimeout(() => { load.soon = null; draw(); }, PACE);
}

// The page is loaded anew only when the files have come: without a network a browser would show nothing at all.
async function tryAgain() {
  await download();
  if (load.failed) return;
  await load.app?.commands.execute("docmanager:save-all");
  location.reload();
}

function watchKernel(app) {
  const seen = new WeakSet();
  const look = () => {
    const session = app.shell.currentWidget?.sessionContext;
    if (session && !seen.has(session)) {
      seen.add(session);
      for (const signal of [session.statusChanged, session.kernelChanged, session.connectionStatusChanged]) {
        signal.connect(draw);
      }
    }
    draw();
  };
  app.shell.currentChanged.connect(look);
  look();
}

// A part of JupyterLab itself that does not come.
function labFailed() {
  if (load.shown) return;
  load.failed = true;
  draw();
}
