// Shows the pictures of a graph. Where only texts are new, such as the numbers after a slider has moved, they are put
// into the picture that stands there: browsers then lay out what has changed, and no more. To read the whole of it, as
// `redraw` does for other pictures, would take most of the time: a graph may have thousands of parts.
const TEXT = />[^<>]+<(?!\/style>)/g;  // with what stands around it; style sheets stay as they are

const read = text => text.includes("&") ? parsed(text).textContent : text;

// Returns a function that shows an SVG.
function numbersInto(picture) {
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
    picture.normalize();  // a long text arrives in several pieces
    const walk = document.createTreeWalker(picture, NodeFilter.SHOW_TEXT);
    nodes = [];
    while (walk.nextNode()) if (walk.currentNode.parentNode.localName !== "style") nodes.push(walk.currentNode);
  };
}
