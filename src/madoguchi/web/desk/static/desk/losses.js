/**
 * Says at once, in a bar over the desk, what is lost and what still works.
 *
 *   <div data-losses><p data-loss="stream" hidden>…</p></div>
 *
 * Other modules tell by `madoguchi:loss` with `{ name, lost }`.
 */
const bars = document.querySelector("[data-losses]");

export function loss(name, lost) {
  const bar = bars.querySelector(`[data-loss="${name}"]`);
  if (bar) bar.hidden = !lost;
}

document.addEventListener("madoguchi:loss", ({ detail }) => loss(detail.name, detail.lost));
document.addEventListener("madoguchi:stream", ({ detail }) => {
  loss("stream", !detail.ok && !detail.signedOut);
  loss("signed-out", detail.signedOut);
});
document.addEventListener("madoguchi:desk", ({ detail }) => loss("switchboard", detail.switchboard_in_charge === false));
