// The handles of a picture: values that a hand can move. Python makes numbers of pixels and keys.
const HANDLE = '[role="slider"][data-item]';
const VALUE_KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"];

const handleOf = node => node?.closest?.(HANDLE) ?? null;

// Makes the next picture out of the one that is shown: what is the same in both stays, and costs the browser nothing. A
// handle stays as well, and so does its focus: an element that leaves the page loses it, and a screen reader would read
// all of it again.
function redraw(picture, svg) {
  const content = parsed(svg), style = content.querySelector("style"), next = content.querySelector("svg");
  const [sheet, shown] = picture.children, focused = handleOf(document.activeElement)?.dataset.item;
  const inside = picture.contains(document.activeElement);
  if (shown && next && style && sheet.textContent === style.textContent) {
    style.remove();
    becomes(shown, next);
  } else draw(picture, svg);
  if (inside && focused !== undefined && !picture.contains(document.activeElement))
    picture.querySelector(`${HANDLE}[data-item="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  picture.dispatchEvent(new Event("redrawn"));
}

// Gives a node all that the next one has. Children stay from the first on, as long as they are of one kind with those
// of the next one, and then from the last; between them that with the focus stays.
function becomes(node, next) {
  if (node.isEqualNode(next)) return;
  if (node.nodeType !== Node.ELEMENT_NODE) {
    node.nodeValue = next.nodeValue;
    return;
  }
  for (const name of node.getAttributeNames()) if (!next.hasAttribute(name)) node.removeAttribute(name);
  for (const { name, value } of next.attributes) if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  const olds = [...node.childNodes], news = [...next.childNodes];
  let behind = null;
  while (alike(olds[0], news[0])) becomes(olds.shift(), news.shift());
  while (alike(olds.at(-1), news.at(-1))) becomes(behind = olds.pop(), news.pop());
  const focused = olds.find(child => child.contains(document.activeElement));
  const place = focused ? news.findIndex(child => alike(focused, child)) : -1;
  if (place >= 0) becomes(focused, news[place]);
  olds.forEach(child => { if (place < 0 || child !== focused) child.remove(); });
  news.forEach((child, i) => { if (i !== place) node.insertBefore(child, i < place ? focused : behind); });
}

const alike = (node, next) => node && next && node.nodeName === next.nodeName && node.dataset?.item === next.dataset?.item;
