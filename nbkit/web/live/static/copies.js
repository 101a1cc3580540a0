// A learner's copies of chapters: JupyterLite keeps them in this browser, over the files of the site.
// Of each copy the page remembers the version of the chapter that it was made from, and what its cells said there.
const FULL = 0.9; // of the room that the browser gives to the site
const URL_STAYS = 60_000; // milliseconds: a browser may ask the learner for a place first
const saving = new Set(); // promises

const drive = () => load.app.serviceManager.contents.defaultDrive;
const isChapter = path => Object.hasOwn(facts.chapters, path);
const copyOf = async path => (await drive().storage).getItem(path);
const isNotebook = path => Boolean(path?.endsWith(".ipynb"));
const documents = () => [...load.app.shell.widgets("main")].filter(widget => widget.context);
const widgetsOf = path => documents().filter(widget => widget.context.path === path);
const contextOf = path => widgetsOf(path)[0]?.context;
const openDocuments = () => documents().map(widget => widget.context);
const languageOf = path => facts.languages.findLast(({ place }) => path?.startsWith(place)) ?? language; // of its folder
const nameOf = path => facts.titles[path] ?? path;

// A short number for what the cells of a notebook say: not for secrets, but to see a change.
function fingerprint(notebook) {
  const text = JSON.stringify(notebook.cells.map(cell => [cell.cell_type, [].concat(cell.source).join("")]));
  let [a, b] = [1, 2];
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 2654435761);
    b = Math.imul(b ^ text.charCodeAt(i), 1597334677);
  }
  return `${text.length}-${(a >>> 0).toString(36)}${(b >>> 0).toString(36)}`;
}

// What the site has, or the browser's cache of it, and which version that is.
async function courseVersion(path, cache) {
  const response = await fetch(`${ROOT}files/${path.split("/").map(encodeURIComponent).join("/")}`, { cache });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  const bytes = await response.arrayBuffer();
  const sum = await crypto.subtle?.digest("SHA-256", bytes); // not at an address with http:
  const inHex = () => Array.from(new Uint8Array(sum), byte => byte.toString(16).padStart(2, "0")).join("");
  return { hash: sum ? inHex() : facts.chapters[path], notebook: JSON.parse(new TextDecoder().decode(bytes)) };
}

function remember(path, hash, cells) {
  memory.change(kept => { kept.made[path] = { hash, cells }; });
}

// A copy is made from what JupyterLab has loaded, which stands in the cache and may be older than what the site has now.
async function rememberVersion(path) {
  const { hash, notebook } = await courseVersion(path, "force-cache").catch(() => ({ hash: facts.chapters[path] }));
  remember(path, hash, notebook ? fingerprint(notebook) : "");
}

function fileChanged(_contents, { type, oldValue, newValue }) {
  if (type === "delete" || type === "rename") memory.change(kept => { delete kept.made[oldValue.path]; });
  if (type !== "save") return;
  if (isChapter(newValue.path) && !memory.read().made[newValue.path]) rememberVersion(newValue.path);
  keepRoom();
}

// The browser may throw away what a site keeps when the disk is full, unless it was asked not to.
async function keepRoom() {
  if (!navigator.storage || !window.nbkitLive.saves) return;
  keepRoom.asked ??= navigator.storage.persist?.().catch(() => false);
  const { usage, quota } = await navigator.storage.estimate();
  if (usage > FULL * quota && !keepRoom.told) {
    keepRoom.told = true;
    note("nbkit-live-full", words.full, downloadAction());
  }
}

function downloadAction(path) {
  return { label: path ? words.download_mine : words.download_all, name: "download", stays: true,
    run: () => path ? downloadOne(path) : downloadAll() };
}

// Once for each notebook and page: is there a newer version than the one that the copy was made from?
async function compare(context) {
  const { path } = context;
  compare.done ??= new Set();
  if (!isChapter(path) || compare.done.has(path)) return;
  compare.done.add(path);
  const copy = await copyOf(path);
  if (!copy) return;
  const made = memory.read().made[path];
  if (!made) return rememberVersion(path);
  if (made.hash === facts.chapters[path]) return;
  // Is nothing of the learner's in it?
  if (made.cells && made.cells === fingerprint(copy.content)) return renew(context, made);
  offerNewer(path);
}

function offerNewer(path) {
  note("nbkit-live-newer", fill(words.newer, { chapter: nameOf(path) }), downloadAction(path),
    { label: words.take_new, name: "take", run: () => reset(path) },
    { label: words.keep_mine, name: "keep", run: () => remember(path, facts.chapters[path], "") });
}

// Python has just begun to start: it goes on. Something may have been typed while the new version came, so what stands
// in the page is compared and replaced in one go.
async function renew(context, made) {
  const { path } = context;
  let version;
  try {
    version = await courseVersion(path, "reload");
  } catch {
    return note("nbkit-live-unreached", words.unreached);
  }
  if (context.isDisposed) return;
  if (fingerprint(context.model.toJSON()) !== made.cells) return offerNewer(path);
  context.model.fromJSON(version.notebook);
  await context.save();
  remember(path, version.hash, fingerprint(version.notebook));
}

async function reset(path) {
  const answer = await ask(words.reset_title, fill(words.reset_text, { chapter: nameOf(path) }),
    { label: words.download_mine, name: "download", keeps: true, run: () => downloadOne(path) },
    { label: words.reset_do, name: "reset" }, { label: words.cancel, name: "cancel" });
  if (answer === "reset") await takeCourseVersion(path);
}

// The site's version comes first: without it nothing is thrown away.
async function takeCourseVersion(path) {
  try {
    await courseVersion(path, "reload");
  } catch {
    return note("nbkit-live-unreached", words.unreached);
  }
  // Closed and opened again, with a kernel of its own: what the old one knows belongs to the old answers.
  const open = widgetsOf(path);
  for (const widget of open) {
    const closed = new Promise(resolve => widget.disposed.connect(resolve));
    widget.context.model.dirty = false;
    if (widget.sessionContext?.session) await widget.sessionContext.shutdown();
    widget.close();
    await closed;
  }
  await Promise.allSettled(saving); // or one that is under way would bring the copy back
  await drive().delete(path);
  if (open.length) await load.app.commands.execute("docmanager:open", { path });
}

// The text of a file as it stands in the page, or else in this browser.
async function textOf(path) {
  const model = contextOf(path)?.model;
  if (model && !model.cells) return model.toString();
  const notebook = model?.toJSON() ?? (await load.app.serviceManager.contents.get(path, { content: true })).content;
  return JSON.stringify(notebook, null, 1);
}

function deliver(blob, name) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), URL_STAYS);
}

async function downloadOne(path) {
  const type = isNotebook(path) ? "application/x-ipynb+json" : "text/plain";
  deliver(new Blob([await textOf(path)], { type }), path.split("/").pop());
}

async function downloadAll() {
  await load.app.commands.execute("docmanager:save-all");
  const unsaved = openDocuments().filter(context => context.model.dirty).map(context => context.path);
  const paths = [...new Set([...await (await drive().storage).keys(), ...unsaved])].filter(isNotebook).sort();
  if (!paths.length) return note("nbkit-live-no-copies", words.no_copies);
  deliver(zip(await Promise.all(paths.map(async path => [path, await textOf(path)]))), words.zip);
}

async function about() {
  const { usage = 0 } = await (navigator.storage?.estimate() ?? {});
  const said = [fill(words.about_python, { all: inMB(ALL) }), fill(words.about_kept, { kept: inMB(usage) }), words.about_private];
  const answer = await ask(words.about_title, said,
    { label: words.licences, name: "licences" }, { label: words.close, name: "close" });
  if (answer === "licences") open(new URL(language.licences, ROOT));
}
