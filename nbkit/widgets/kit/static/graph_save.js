// Offers the picture as a file, in a small menu: it is needed rarely.
const DOWN = "M7 2h2v5h3l-4 4l-4-4h3zM3 13h10";

function saveMenu(words, picture, source) {
  const buttons = ["svg", "png"].map(kind => {
    const name = kind.toUpperCase();
    const button = element("button", { type: "button", title: fill(words.download, { kind: name }), "data-save": kind },
      icon(DOWN), ` ${name}`);
    button.addEventListener("click", () => { download(kind, picture, source()); menu.open = false; });
    return button;
  });
  const menu = element("details", { class: "nbkit-save" }, element("summary", {}, words.save),
    element("div", {}, ...buttons));
  menu.addEventListener("keydown", event => {
    event.stopPropagation();
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.firstElementChild.focus();
  });
  menu.addEventListener("focusout", event => { if (!menu.contains(event.relatedTarget)) menu.open = false; });
  return menu;
}

function download(kind, picture, svg) {
  const { width, height } = picture.querySelector("svg").viewBox.baseVal;
  const blob = new Blob([svg], { type: "image/svg+xml" });  // with its style sheet
  if (kind === "svg") return offer(URL.createObjectURL(blob), "graph.svg");
  const image = new Image();
  image.onload = () => {
    const canvas = element("canvas", { width: 2 * width, height: 2 * height });
    canvas.getContext("2d").drawImage(image, 0, 0, 2 * width, 2 * height);
    offer(canvas.toDataURL("image/png"), "graph.png");
  };
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
}

function offer(href, name) {
  element("a", { href, download: name }).click();
}

