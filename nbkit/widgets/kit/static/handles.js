// The handles of a picture: values that a hand can move. Python makes numbers of pixels and keys.
const HANDLE = '[role="slider"][data-item]';
const VALUE_KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"];

const handleOf = node => node?.closest?.(HANDLE) ?? null;

// Shows the next picture around the handle that has the focus: an element that leaves the page loses it, and a screen
// reader would read all of it again.
function redraw(picture, svg) {
  const kept = handleOf(document.activeElement);
  if (!kept || !picture.contains(kept)) return draw(picture, svg);
  const content = parsed(svg);
  const next = content.querySelector(`${HANDLE}[data-item="${CSS.escape(kept.dataset.item)}"]`);
  const style = content.querySelector("style");
  const olds = ancestors(kept, picture), news = next ? ancestors(next, content) : [];
  const alike = olds.length === news.length && olds.every((old, i) => old.tagName === news[i].tagName);
  if (alike && style && picture.firstChild.textContent === style.textContent) {
    style.remove();
    olds.forEach((old, i) => becomes(old, news[i], olds[i + 1], news[i + 1]));
  } else {
    draw(picture, svg);
    picture.querySelector(`${HANDLE}[data-item="${CSS.escape(kept.dataset.item)}"]`)?.focus({ preventScroll: true });
  }
}

// A node and what it stands in, from the outside, without `top`.
function ancestors(node, top) {
  const found = [];
  for (; node !== top; node = node.parentNode) found.unshift(node);
  return found;
}

// Gives an element all that the next one has, and keeps one child in the place of another.
function becomes(old, next, kept, place) {
  for (const name of old.getAttributeNames()) if (!next.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of next.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (!kept) return old.replaceChildren(...next.childNodes);
  const children = [...next.childNodes], at = children.indexOf(place);
  for (const child of [...old.childNodes]) if (child !== kept) child.remove();
  kept.before(...children.slice(0, at));
  kept.after(...children.slice(at + 1));
}
