/**
 * Narrows the client's price list by the words typed; `/` leads there when nothing is being typed.
 *
 *   <input data-search-words> <ul data-search-list><li data-words="A-001 青汁 30包">…
 *
 * Width and case do not count; hiragana finds katakana. Enter takes the first one found.
 */
const plain = (text) =>
  text.normalize("NFKC").toLowerCase().replace(/[\u3041-\u3096]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60));

function narrow(input) {
  const wanted = plain(input.value).split(/\s+/).filter(Boolean);
  const place = input.closest("[data-search]");
  let found = 0;
  for (const item of place.querySelectorAll("[data-words]")) {
    item.hidden = !wanted.every((word) => plain(item.dataset.words).includes(word));
    if (!item.hidden) found += 1;
  }
  place.querySelector("[data-search-none]").hidden = found > 0 || !wanted.length;
}

document.addEventListener("input", ({ target }) => target.matches("[data-search-words]") && narrow(target));
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  const input = document.querySelector("[data-search-words]");
  if (!input) return;
  if (event.key === "/" && !event.target.matches("input, textarea, select")) {
    event.preventDefault();
    input.focus();
  } else if (event.key === "Enter" && event.target === input) {
    event.preventDefault();
    document.querySelector("[data-search-list] > li:not([hidden]) [data-add-product]")?.click();
    input.select();
  }
});
