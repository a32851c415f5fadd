/**
 * Brings the page of the call onto the desk when the switchboard says there is one (screen pop), and clears
 * the desk when there is none. What was typed is put down first (`madoguchi:leaving`, heard by draft.js).
 *
 *   <div data-call data-call-url="/desk/calls/CALL/" data-recent-url="/desk/recent/">
 */
const place = document.querySelector("[data-call]");
const search = document.querySelector("[data-search-place]");
const keys = search.innerHTML;
let current;

async function load(address) {
  document.dispatchEvent(new CustomEvent("madoguchi:leaving"));
  await htmx.ajax("GET", address, { target: place, swap: "innerHTML" });
}

document.addEventListener("madoguchi:desk", ({ detail }) => {
  const id = detail.call?.id ?? null;
  if (id === current) return;
  const first = current === undefined;
  current = id;
  if (id) load(place.dataset.callUrl.replace("CALL", encodeURIComponent(id)));
  else if (!first) load(place.dataset.recentUrl);
});

document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target !== place) return;
  const forCall = place.querySelector("[data-search-for-call]");
  search.innerHTML = "";
  if (forCall) search.append(forCall.content.cloneNode(true));
  else search.innerHTML = keys;
});
