/** A bare page with one telephone: `window.phone` after `window.take(options)`, and what it told in `window.told`. */
import { Softphone } from "./shared/softphone.js";

window.told = [];
window.loudest = { mine: 0, theirs: 0 };
window.take = (options) => {
  window.phone = new Softphone({
    ...options,
    ringAloud: false,
    onState: (state, detail) => window.told.push([state, detail]),
    onLevel: ({ mine, theirs }) => {
      window.loudest.mine = Math.max(window.loudest.mine, mine);
      window.loudest.theirs = Math.max(window.loudest.theirs, theirs);
    },
  });
  return window.phone.start();
};
