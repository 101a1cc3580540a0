// Where something is wider than its place and scrolls, its edge fades out on the side on which there is more.
const EDGE = 2;  // pixels that rounding may leave

function fadeEdges(frame) {
  function look() {
    const rest = frame.scrollWidth - frame.clientWidth - frame.scrollLeft;
    frame.classList.toggle("more-left", frame.scrollLeft > EDGE);
    frame.classList.toggle("more-right", rest > EDGE);
  }
  const sizes = new ResizeObserver(look);
  sizes.observe(frame);
  frame.classList.add("nbkit-fading");
  frame.addEventListener("scroll", look, { passive: true });
  return { look, stop: () => sizes.disconnect() };
}

