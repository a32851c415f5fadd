/**
 * Puts a chosen place of the postal code into the address fields.
 *
 *   <button data-address data-prefecture="東京都" data-city="…" data-town="…" data-street="" data-building="">
 */
const PARTS = ["prefecture", "city", "town", "street", "building"];

document.addEventListener("click", ({ target }) => {
  const choice = target.closest("[data-address]");
  if (!choice) return;
  const form = choice.closest("form");
  for (const part of PARTS) {
    const always = part === "prefecture" || part === "city" || part === "town";
    if (always || choice.dataset[part]) form.elements[part].value = choice.dataset[part];
  }
  choice.closest("[data-addresses]").replaceChildren();
  form.elements.street.focus();
  form.elements.town.dispatchEvent(new Event("change", { bubbles: true }));
});
