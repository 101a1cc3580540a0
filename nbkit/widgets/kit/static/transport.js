// The buttons of what plays step by step: signs and words.
const SVG = "http://www.w3.org/2000/svg";
const PLAY = "M4 2l10 6l-10 6z";
const PAUSE = "M4 3h2.5v10H4zM9.5 3H12v10H9.5z";
const BUTTONS = [
  ["first", "M3 3v10M13 3L6 8l7 5z"],
  ["back", "M10 3L5 8l5 5"],
  ["play", PLAY],
  ["forward", "M6 3l5 5l-5 5"],
  ["last", "M13 3v10M3 3l7 5l-7 5z"],
];

function drawn(name, attributes, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// Drawn, not written: not every font has such characters.
function icon(path) {
  const closed = path.includes("z");
  return drawn("svg", { viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true" },
    drawn("path", { d: path, fill: closed ? "currentColor" : "none", stroke: "currentColor",
      "stroke-width": closed ? 1 : 2, "stroke-linejoin": "round" }));
}

// Put values into the places of a sentence: "forward {k} of {n}".
const fill = (text, values) => text.replace(/{(\w+)}/g, (_place, name) => values[name]);

// The buttons by their names, and the list of speeds: pairs of a name and the milliseconds for a step.
function transportOf(words, speeds) {
  const buttons = Object.fromEntries(BUTTONS.map(([name, sign]) => [name, element("button",
    { type: "button", title: words[name], "aria-label": words[name], "data-action": name }, icon(sign))]));
  const speed = element("select", { "aria-label": words.speed },
    ...speeds.map(([name, wait]) => element("option", { value: wait }, words[name])));
  speed.selectedIndex = 1;
  return { buttons, speed };
}
