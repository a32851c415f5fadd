/**
 * Takes a telephone that no other window of this browser uses, so that two windows can call at once.
 *
 *   const line = await ownLine([{ name: "telephone-1", password: "…" }, …]);  // null: all are in use
 *
 * The lock (Web Locks) lives as long as the window; closing it frees the telephone.
 */
export async function ownLine(lines) {
  for (const line of lines) {
    if (await taken(`madoguchi-${line.name}`)) return line;
  }
  return null;
}

function taken(name) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}
