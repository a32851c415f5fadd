/**
 * Adds and removes rows of the order; a click in the price list fills a row.
 *
 *   <div data-lines> … <button data-remove-line></div> <template data-line-template> <button data-add-line>
 *   <button data-add-product="12">            anywhere on the page
 *
 * Tells the form by `madoguchi:lines`, so that the total is worked out anew.
 */
let next = 100;

const rows = () => document.querySelector("[data-lines]");
const products = () => [...(rows()?.querySelectorAll("select") ?? [])];

function add() {
  const row = document.querySelector("[data-line-template]").content.cloneNode(true).firstElementChild;
  next += 1;
  for (const field of row.querySelectorAll("[name]")) {
    field.name = field.name.replace("lines-N-", `lines-${next}-`);
    field.id = field.id.replace("line-N-", `line-${next}-`);
  }
  rows().append(row);
  return row;
}

function changed() {
  rows()?.dispatchEvent(new CustomEvent("madoguchi:lines", { bubbles: true }));
}

function choose(product) {
  if (!rows()) return;
  const same = products().find((select) => select.value === product);
  const quantity = same?.closest("[data-line]").querySelector("input");
  if (quantity) quantity.value = String(Number(quantity.value || 0) + 1);
  else (products().find((select) => !select.value) ?? add().querySelector("select")).value = product;
  changed();
}

document.addEventListener("click", ({ target }) => {
  const wanted = target.closest("[data-add-product]");
  if (wanted) choose(wanted.dataset.addProduct);
  if (target.closest("[data-add-line]")) add();
  const gone = target.closest("[data-remove-line]");
  if (!gone) return;
  if (products().length === 1) add();
  gone.closest("[data-line]").remove();
  changed();
});
