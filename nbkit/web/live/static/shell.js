// Fits JupyterLab to the course: its address and title, a menu, a narrow page.
const NARROW = matchMedia("(max-width: 760px)");
const SERVICES = {
  palette: "@jupyterlab/apputils:ICommandPalette", worker: "@jupyterlite/server:IServiceWorkerManager",
  kernels: "@jupyterlite/kernel:IKernelClient",
};

// A service of JupyterLab by its name; its token is a value of JupyterLab's own bundle.
function service(app, name) {
  const token = [...app.pluginRegistry._services.keys()].find(known => known.name === name);
  return token ? app.resolveOptionalService(token) : null;
}

const address = new URL(location.href);
const currentPath = () => load.app.shell?.currentWidget?.context?.path;
const currentChapter = () => isChapter(currentPath()) ? currentPath() : null;
const readingPage = path => facts.back === null ? null
  : new URL(facts.back + (isChapter(path) ? path.replace(/\.ipynb$/, ".html") : language.place), ROOT).href;

// Of the language of the page.
const chapterToBeginWith = () => {
  const { last } = memory.read();
  const chapters = Object.keys(facts.chapters).filter(path => languageOf(path) === language);
  return chapters.includes(last) ? last : chapters[0];
};

// The page comes anew in the other language, with the same chapter where there is one.
async function speak(other) {
  const path = currentPath() ?? "";
  const same = other.place + path.slice(languageOf(path).place.length);
  await load.app.commands.execute("docmanager:save-all");
  const there = new URL(address);
  there.searchParams.set("path", isChapter(same) ? same : Object.keys(facts.chapters).find(known => languageOf(known) === other));
  location.assign(there);
}

function nameInAddress(path) {
  address.searchParams.delete("path");
  if (path) address.searchParams.set("path", path);
  history.replaceState(history.state, "", address.href.replaceAll("%2F", "/")); // as links have it
}

// The address names a chapter: of the link, or the last one, or the first. Another file may be gone: comes to its path,
// and JupyterLab does not get to see it.
function beginWithNotebook() {
  const path = address.searchParams.get("path") ?? chapterToBeginWith();
  nameInAddress(isChapter(path) ? path : null);
  if (isChapter(path)) courseVersion(path, "no-cache").catch(console.warn); // not an older one than this page knows of
  // JupyterLab would add an entry without the notebook: Back leads to the page from which one came.
  history.pushState = history.replaceState;
  return isChapter(path) ? null : path;
}

async function openIfThere(path) {
  const { contents } = load.app.serviceManager;
  const there = await contents.get(path, { content: false }).then(found => found.type !== "directory", () => false);
  await load.app.commands.execute("docmanager:open", { path: there ? path : chapterToBeginWith() });
}

function followDocument() {
  const path = currentPath();
  if (!path) return;
  nameInAddress(path);
  memory.change(kept => { kept.last = path; });
  setTitle(path);
  load.app.shell.currentWidget.node.lang = languageOf(path).tag;
  const context = contextOf(path);
  followDocument.seen ??= new WeakSet();
  if (!followDocument.seen.has(context)) context.pathChanged.connect(followDocument);
  followDocument.seen.add(context);
  context.ready.then(() => compare(context)).catch(console.warn);
}

function setTitle(path) {
  const title = `${nameOf(path)} · ${words.course}`;
  const set = () => { if (document.title !== setTitle.title) document.title = setTitle.title; };
  setTitle.title = title;
  setTitle.watch ??= new MutationObserver(set); // JupyterLab sets its own
  setTitle.watch.observe(document.querySelector("title"), { childList: true });
  set();
}

const languageNamed = tag => facts.languages.find(known => known.tag === tag);
const COMMANDS = {
  "nbkit-live:download": {
    label: words.download_this, isEnabled: () => isNotebook(currentPath()),
    execute: () => downloadOne(currentPath()),
  },
  "nbkit-live:download-all": { label: words.download_all, execute: downloadAll },
  "nbkit-live:reset": {
    label: words.reset, isEnabled: () => Boolean(currentChapter()), execute: () => reset(currentChapter()),
  },
  "nbkit-live:read": {
    label: words.read, isVisible: () => facts.back !== null, execute: () => location.assign(readingPage(currentPath())),
  },
  "nbkit-live:language": {
    label: ({ tag }) => languageNamed(tag)?.name ?? "", isVisible: ({ tag }) => Boolean(languageNamed(tag)),
    execute: ({ tag }) => speak(languageNamed(tag)),
  },
  "nbkit-live:about": { label: words.about, execute: about },
  // Nothing can interrupt Python here: it is in the way of the message.
  "nbkit-live:restart": {
    label: words.restart, isEnabled: () => Boolean(load.app.shell?.currentWidget?.sessionContext),
    execute: () => load.app.commands.execute("kernelmenu:restart"),
  },
};

function addCommands(app) {
  for (const [id, command] of Object.entries(COMMANDS)) app.commands.addCommand(id, command);
  // The launcher is left out, and the file browser asks for it where no notebook is open yet.
  const never = () => false;
  app.commands.addCommand("launcher:create", { isEnabled: never, isVisible: never, execute: () => {} });
}

async function addToPalette(app) {
  const palette = await service(app, SERVICES.palette);
  for (const command of Object.keys(COMMANDS)) {
    const many = command === "nbkit-live:language" ? facts.languages.filter(other => other !== language) : [{}];
    for (const { tag } of many) palette?.addItem({ command, category: words.menu, args: tag ? { tag } : {} });
  }
  // Two presses of I interrupt elsewhere.
  const selector = "[data-jp-kernel-user]:not(.jp-mod-readWrite) :focus:not(:read-write)";
  app.commands.addKeyBinding({ command: "nbkit-live:restart", keys: ["I", "I"], selector });
}

// On a phone the notebook has the whole page; the file browser comes when it is asked for, and goes when it has answered.
function makeRoom(app) {
  if (NARROW.matches) app.shell.collapseLeft();
}

function fitToWidth(app) {
  if (!NARROW.matches) return app.shell.expandLeft();
  app.shell.mode = "single-document";
  app.commands.execute("application:toggle-side-tabbar", { side: "right" });
  makeRoom(app);
  app.shell.currentChanged.connect(() => makeRoom(app));
}

// JupyterLab itself shows the file browser when it has opened the first notebook.
function afterItsStart(app) {
  app.commands.commandExecuted.connect((_commands, { id, result }) => {
    if (id === "docmanager:show-in-file-browser") result.catch(() => {}).then(() => makeRoom(app));
  });
}

// Python reads and writes the learner's files through a service worker, which not every page may have.
async function filesAreSeen(app) {
  const worker = "serviceWorker" in navigator && await service(app, SERVICES.worker);
  return worker ? worker.ready.then(() => true, () => false) : false;
}

// Python that sees no files would go into the folder of its notebook, and not start.
async function startAnywhere(app) {
  const kernels = await service(app, SERVICES.kernels);
  if (!kernels) return;
  const start = kernels.startNew.bind(kernels);
  kernels.startNew = async options => start(await filesAreSeen(app) ? options : { ...options, location: "" });
}

async function tellOfFiles(app) {
  if (await filesAreSeen(app) || memory.read().told.includes("files")) return;
  note("nbkit-live-files", isSecureContext ? words.files_private : words.files_insecure);
  memory.change(kept => kept.told.push("files"));
}

// What is not saved yet is saved when the tab goes out of sight: a phone may never come back to it.
function saveInTime(app) {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden") return;
    for (const context of openDocuments()) if (context.model.dirty) context.save().catch(console.warn);
  });
  const { contents } = app.serviceManager;
  const save = contents.save.bind(contents);
  contents.save = async (...args) => {
    const [path] = args;
    const saved = save(...args);
    saving.add(saved);
    try {
      return await saved;
    } catch (error) {
      const sentence = fill(words.save_failed, { name: nameOf(path) });
      if (contextOf(path)) note("nbkit-live-unsaved", sentence, downloadAction(path));
      throw error;
    } finally {
      saving.delete(saved);
    }
  };
}

// Python waits for an answer even if there is none, such as when the browser has no room for what it writes.
async function answerAlways(app) {
  const files = (await service(app, SERVICES.worker))?._driveContentsProcessor;
  if (!files) return;
  const answer = files.processDriveRequest.bind(files);
  files.processDriveRequest = question => answer(question).catch(error => {
    console.warn(error);
    return { nbkitLiveFailed: true };
  });
}

// A cell that is run before its kernel has been asked for would have JupyterLab ask which kernel it should be.
function kernelAsked({ sessionContext }) {
  if (!sessionContext?.kernelPreference.shouldStart || sessionContext.session) return undefined;
  return new Promise(done => {
    const look = () => {
      if (!sessionContext.session) return;
      sessionContext.sessionChanged.disconnect(look);
      done();
    };
    sessionContext.sessionChanged.connect(look);
  });
}

// The notebook stands there, or JupyterLab has said why it does not.
async function documentShown() {
  const context = contextOf(currentPath());
  if (!context) return;
  const gone = new Promise(resolve => context.disposed.connect(resolve));
  await Promise.race([context.ready.then(() => kernelAsked(context)), gone]).catch(console.warn);
}

async function start() {
  await allowed;
  const other = beginWithNotebook();
  addEventListener("error", event => event.target instanceof HTMLScriptElement && labFailed(), true);
  const coming = download();
  const app = load.app = await jupyterApp;
  addCommands(app);
  afterItsStart(app);
  await app.started;
  await Promise.all([answerAlways(app), startAnywhere(app)]);
  app.serviceManager.contents.fileChanged.connect(fileChanged);
  saveInTime(app);
  app.shell.currentChanged.connect(followDocument);
  await app.restored;
  fitToWidth(app);
  if (other) await openIfThere(other).catch(console.warn);
  followDocument();
  await documentShown();
  document.getElementById("nbkit-live-cover").remove();
  load.shown = true;
  watchKernel(app);
  addToPalette(app);
  tellOfFiles(app);
  await coming;
}

// JupyterLab puts itself into the window before it starts.
const jupyterApp = new Promise(resolve => {
  Object.defineProperty(window, "jupyterapp", {
    configurable: true,
    set(app) {
      Object.defineProperty(window, "jupyterapp", { value: app, configurable: true, writable: true });
      const begin = app.start.bind(app);
      // A key belongs to the slider that has the focus, as in JupyterLab; JupyterLite would take it for a shortcut first.
      app.start = options => begin({ ...options, bubblingKeydown: true });
      resolve(app);
    },
  });
});

document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("nbkit-live-back")?.setAttribute("href", readingPage(address.searchParams.get("path")));
  allowed.then(() => { strip.append(shown.line); showStrip(); draw(); });
});
start();
