/**
 * Counts up from a moment of the server's clock:
 *
 *   <b data-timer data-since="1764000000.25"></b>   → 02:41
 *
 * The first message of the stream carries the server's time, so a wrong clock at the desk does not show.
 */
let ahead_s = 0;

document.addEventListener("madoguchi:desk", ({ detail }) => {
  if (detail.now) ahead_s = Date.now() / 1000 - detail.now;
  draw();
});

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${two(minutes)}:${two(whole % 60)}`;
}

/** Let an element count from a moment (seconds since 1970), or empty it. */
export function count(element, since) {
  if (!element) return;
  if (since) element.dataset.since = since;
  else delete element.dataset.since;
  drawOne(element);
}

function drawOne(element) {
  const { since } = element.dataset;
  const text = since ? clock(Date.now() / 1000 - ahead_s - Number(since)) : "";
  if (element.textContent !== text) element.textContent = text;
}

function draw() {
  document.querySelectorAll("[data-timer]").forEach(drawOne);
}

setInterval(draw, 500);
