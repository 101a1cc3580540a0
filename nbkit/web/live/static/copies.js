// A learner's copies of chapters: JupyterLite keeps them in this browser, over the files of the site.
// Of each copy the page remembers the version of the chapter that it was made from, and what its cells said there.
const FULL = 0.9; // of the room that the browser gives to the site

const drive = () => load.app.serviceManager.contents.defaultDrive;
const isChapter = path => Object.hasOwn(facts.chapters, path);
const copyOf = async path => (await drive().storage).getItem(path);
const widgetOf = path => [...load.app.shell.widgets("main")].find(widget => widget.context?.path === path);
const contextOf = path => widgetOf(path)?.context;
const nameOf = path => facts.titles[path] ?? path;

function openDocuments() {
  return [...load.app.shell.widgets("main")].map(widget => widget.context).filter(Boolean);
}

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

async function courseVersion(path, cache) {
  const response = await fetch(`${ROOT}files/${encodeURIComponent(path)}`, { cache });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

async function rememberVersion(path) {
  const hash = facts.chapters[path];
  const cells = await courseVersion(path, "default").then(fingerprint, () => "");
  memory.change(kept => { kept.made[path] = { hash, cells }; });
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
  if (made.cells && made.cells === fingerprint(copy.content)) return renew(path, false); // nothing of the learner's is in it
  note("nbkit-live-newer", fill(words.newer, { chapter: nameOf(path) }), downloadAction(path),
    { label: words.take_new, name: "take", run: () => reset(path) },
    { label: words.keep_mine, name: "keep", run: () => rememberVersion(path) });
}

// The site's version comes first: without it nothing is thrown away.
async function renew(path, anew) {
  try {
    await courseVersion(path, "reload");
  } catch {
    return note("nbkit-live-unreached", words.unreached);
  }
  const widget = widgetOf(path);
  await drive().delete(path);
  if (!widget) return;
  if (!anew) return widget.context.revert(); // Python has just begun to start: it goes on
  // Closed and opened again, with a kernel of its own: what the old one knows belongs to the old answers.
  const closed = new Promise(resolve => widget.disposed.connect(resolve));
  widget.context.model.dirty = false;
  if (widget.sessionContext.session) await widget.sessionContext.shutdown();
  widget.close();
  await closed;
  await load.app.commands.execute("docmanager:open", { path });
}

async function reset(path) {
  const answer = await ask(words.reset_title, fill(words.reset_text, { chapter: nameOf(path) }),
    { label: words.download_mine, name: "download", keeps: true, run: () => downloadOne(path) },
    { label: words.reset_do, name: "reset" }, { label: words.cancel, name: "cancel" });
  if (answer === "reset") await renew(path, true);
}

async function downloadOne(path) {
  const context = contextOf(path);
  const content = context ? context.model.toJSON() : (await load.app.serviceManager.contents.get(path, { content: true })).content;
  const file = new Blob([JSON.stringify(content, null, 1)], { type: "application/x-ipynb+json" });
  const link = element("a", { href: URL.createObjectURL(file), download: path.split("/").pop() });
  link.click();
  URL.revokeObjectURL(link.href);
}

// One file each, so that each can be uploaded again or handed in.
async function downloadAll() {
  await load.app.commands.execute("docmanager:save-all");
  const paths = (await (await drive().storage).keys()).filter(path => path.endsWith(".ipynb")).sort();
  if (!paths.length) return note("nbkit-live-no-copies", words.no_copies);
  for (const path of paths) await downloadOne(path);
}

async function about() {
  const { usage = 0 } = await (navigator.storage?.estimate() ?? {});
  const said = [fill(words.about_python, { all: inMB(ALL) }), fill(words.about_kept, { kept: inMB(usage) }), words.about_private];
  const answer = await ask(words.about_title, said,
    { label: words.licences, name: "licences" }, { label: words.close, name: "close" });
  if (answer === "licences") open(new URL(facts.licences, ROOT));
}
