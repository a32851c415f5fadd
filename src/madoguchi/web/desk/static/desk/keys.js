/**
 * A key for every button: pressing it is a click on the one visible, enabled button that carries it.
 *
 *   <button data-key="F4">保留 <kbd>F4</kbd></button>      also "Shift+F1"
 *
 * Japanese input is never disturbed (`isComposing`), a key held down counts once, and Enter neither sends
 * the form nor presses a button of the call.
 */
const ALSO = { "Ctrl+Enter": "F12", "Meta+Enter": "F12" };

function nameOf(event) {
  const parts = [event.ctrlKey && "Ctrl", event.metaKey && "Meta", event.altKey && "Alt", event.shiftKey && "Shift", event.key];
  const name = parts.filter(Boolean).join("+");
  return ALSO[name] ?? name;
}

function isOurs(name) {
  return document.querySelector(`[data-key="${CSS.escape(name)}"]`) !== null;
}

function buttonOf(name) {
  const buttons = document.querySelectorAll(`[data-key="${CSS.escape(name)}"]`);
  return [...buttons].find((button) => !button.disabled && !button.hidden && button.offsetParent !== null);
}

function entersByAccident(event) {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return false;
  return event.target.matches("[data-order] input, [data-order] select, [data-asks] button");
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  if (entersByAccident(event)) {
    event.preventDefault();
    return;
  }
  const name = nameOf(event);
  if (!isOurs(name)) return;
  event.preventDefault();
  if (!event.repeat) buttonOf(name)?.click();
});
