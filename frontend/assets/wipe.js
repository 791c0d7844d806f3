// Two faces over each other, with an edge between them that a finger, a mouse or a key moves. What
// it has to remember is in the page: the value of the range, and where the edge is.

const DATES = ["earlier", "later"];

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".sn-wipe");
  if (!root) return;
  const frame = root.querySelector(".sn-wipe-frame");
  const range = root.querySelector("input");

  for (const date of DATES) {
    const { caption, below, above, alternative } = data[date];
    const [face, layer] = root.querySelectorAll(`.sn-wipe-face[data-date=${date}] img`);
    face.src = below;
    face.alt = `${caption}: ${alternative}`;
    layer.hidden = !above;
    if (above) layer.src = above;
    else layer.removeAttribute("src");
    root.querySelector(`figcaption [data-date=${date}]`).textContent = caption;
  }
  range.setAttribute("aria-label", data.name);
  tell();

  function tell() {
    const earlier = range.valueAsNumber;
    const spoken = data.value.replace("{earlier}", earlier).replace("{later}", 100 - earlier);
    range.setAttribute("aria-valuetext", spoken);
  }

  // The edge follows a pointer exactly; the range, made for keys, has coarser steps.
  function move(percent) {
    range.value = percent;
    frame.style.setProperty("--sn-at", `${percent}%`);
    tell();
  }

  function follow(event) {
    const { left, width } = frame.getBoundingClientRect();
    move(Math.min(100, Math.max(0, (100 * (event.clientX - left)) / width)));
  }

  let down = null;
  let dragged = false;
  range.oninput = () => move(range.valueAsNumber);
  frame.onpointerdown = (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    frame.setPointerCapture(event.pointerId);
    down = event;
    dragged = event.pointerType === "mouse";
    if (dragged) follow(event);
  };
  frame.onpointermove = (event) => {
    if (!down || !frame.hasPointerCapture(event.pointerId)) return;
    const [aside, along] = [event.clientX - down.clientX, event.clientY - down.clientY];
    // A finger that begins up or down is about to scroll: the browser then takes it away.
    dragged ||= Math.abs(aside) > Math.abs(along);
    if (dragged) follow(event);
  };
  frame.onclick = (event) => {
    follow(event);
    range.focus({ preventScroll: true });
  };
}
