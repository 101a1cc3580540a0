// Shows the pictures of a graph. Where only texts are new, such as the numbers after a slider has moved, they are put
// into the picture that stands there: browsers then lay out what has changed, and no more.
const TEXT = />[^<>]+<(?!\/style>)/g;  // with what stands around it; style sheets stay as they are

const read = text => text.includes("&") ? parsed(text).textContent : text;

// Returns a function that shows an SVG.
function redrawing(picture) {
  let bones = null, texts = [], nodes = [];  // the picture without its texts; these; and where they stand

  return svg => {
    const [before, old] = [bones, texts];
    bones = svg.replace(TEXT, "> <");
    texts = svg.match(TEXT) ?? [];
    if (bones === before && texts.length === nodes.length) {
      texts.forEach((text, i) => { if (text !== old[i]) nodes[i].data = read(text.slice(1, -1)); });
      return;
    }
    draw(picture, svg);
    const walk = document.createTreeWalker(picture, NodeFilter.SHOW_TEXT);
    nodes = [];
    while (walk.nextNode()) if (walk.currentNode.parentNode.localName !== "style") nodes.push(walk.currentNode);
  };
}
