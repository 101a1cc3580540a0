// Shows the picture that Python sends as text, and nothing else: no maths, no layout, no network.
function render({ model, el }) {
  const picture = document.createElement("div");
  const show = () => { picture.innerHTML = model.get("svg"); };
  model.on("change:svg", show);
  show();
  el.append(picture);
  return () => model.off("change:svg", show);
}
export default { render };
