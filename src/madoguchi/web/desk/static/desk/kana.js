/**
 * Writes the reading of a name while it is typed: what stood in hiragana before the conversion, as katakana.
 *
 *   <input data-kana-into="field-kana">
 *
 * Only an empty reading, or one written by this module, is touched.
 */
const HIRAGANA = /^[\u3041-\u3096ー]+$/;
const katakana = (text) => text.replace(/[\u3041-\u3096]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60));

let reading = "";

document.addEventListener("compositionstart", () => { reading = ""; });
document.addEventListener("compositionupdate", ({ data }) => {
  if (data && HIRAGANA.test(data.normalize("NFC"))) reading = data;
});
document.addEventListener("compositionend", ({ target, data }) => {
  const into = target.dataset?.kanaInto && document.getElementById(target.dataset.kanaInto);
  if (!into || !reading || !data) return;
  if (into.value && into.value !== into.dataset.written) return;
  const before = target.value === data ? "" : into.value;
  into.value = into.dataset.written = [before, katakana(reading)].filter(Boolean).join(" ");
});
