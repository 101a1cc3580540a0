// What the scripts of several widgets share.

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// Lets handlers such as { "change:svg": show } hear a model, until the function that comes back is called.
function listen(model, handlers) {
  const all = Object.entries(handlers);
  for (const [event, handler] of all) model.on(event, handler);
  return () => { for (const [event, handler] of all) model.off(event, handler); };
}

// What stands in the SVG that Python sends.
const parsed = svg => Object.assign(document.createElement("template"), { innerHTML: svg }).content;

// Puts the SVG that Python sends in the place of the one before. Its style sheet moves out of it, and stays there as
// long as the next picture brings the same: for one that comes or goes, browsers restyle the whole page.
function draw(picture, svg) {
  const content = parsed(svg);
  const style = content.querySelector("style");
  const [sheet, ...old] = picture.children;
  if (style && sheet?.textContent === style.textContent) {
    style.remove();
    old.forEach(element => element.remove());
    picture.append(content);
  } else picture.replaceChildren(...(style ? [style] : []), content);
}

