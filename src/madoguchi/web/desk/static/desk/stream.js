/**
 * Hears the desk's state from the server and tells the page, by events on `document`:
 *
 *   madoguchi:desk    detail = what `/desk/stream/` said: { state, since, reason, call, waiting, today, … }
 *   madoguchi:stream  detail = { ok, signedOut }
 *
 * A silent connection counts as lost: the server pings every 15 seconds.
 */
const ADDRESS = "/desk/stream/";
const LONGEST_SILENCE_MS = 25_000;
const RETRY_MS = 2_000;

let source = null;
let heardAt = 0;
let ok = null;

function tell(now, signedOut = false) {
  if (now === ok && !signedOut) return;
  ok = now;
  document.dispatchEvent(new CustomEvent("madoguchi:stream", { detail: { ok, signedOut } }));
}

function heard() {
  heardAt = Date.now();
  tell(true);
}

function open() {
  source?.close();
  source = new EventSource(ADDRESS);
  heardAt = Date.now();
  source.addEventListener("desk", (event) => {
    heard();
    document.dispatchEvent(new CustomEvent("madoguchi:desk", { detail: JSON.parse(event.data) }));
  });
  source.addEventListener("ping", heard);
  source.addEventListener("error", lost);
}

async function lost() {
  tell(false);
  if (source.readyState !== EventSource.CLOSED) return;
  const answer = await fetch(ADDRESS.replace("stream/", "recent/"), { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.status === 401) tell(false, true);
  else setTimeout(open, RETRY_MS);
}

setInterval(() => {
  if (Date.now() - heardAt < LONGEST_SILENCE_MS) return;
  tell(false);
  open();
}, 5_000);
addEventListener("online", open);
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => event.persisted && open());
open();
