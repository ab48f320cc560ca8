const FIELD = ".stMain .ita-find input", HIT = ".stMain a.ita-hit";
const PLACE = /^#(?:evidence|directive)-\d+$/;
let leave = null; // Streamlit calls us again when the theme changes, without ending what we began
export default function () {
  leave?.();
  let asked = null; // the address that was asked for from the field: the focus is in the field of that page again
  let arrived = ""; // the address whose place was shown
  let until = 0; // up to when it is scrolled to where it is drawn anew
  const field = () => document.querySelector(FIELD);
  const seen = (one) => one?.getClientRects().length;
  const here = () => location.pathname === "/search";
  const go = (address) => { // as a link of ours is followed: with office, year and day, and no reload
    const link = Object.assign(document.createElement("a"), { href: address, className: "ita-go", hidden: true });
    document.body.append(link);
    link.click();
    link.remove();
  };
  const open = () => {
    const one = field();
    if (!one) return false; // meeting mode has none
    if (seen(one)) {
      one.focus();
      one.select();
    } else {
      asked = "/search";
      go("/search");
    }
    return true;
  };
  const ask = (one) => {
    const words = one.value.trim();
    if (!words && !here()) return;
    asked = `/search?q=${encodeURIComponent(words)}`;
    go(asked);
  };
  const step = (event, from, by) => {
    const all = [...document.querySelectorAll(HIT)];
    const at = from === field() ? -1 : all.indexOf(from);
    const to = at + by;
    if (to >= all.length || (at < 0 && by < 0)) return;
    event.preventDefault();
    (all[to] ?? field())?.focus();
  };
  const key = (event) => {
    if (event.isComposing || event.altKey || event.shiftKey) return;
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyK") {
      if (document.querySelector('[role="dialog"], dialog[open]') || !open()) return;
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.ctrlKey || event.metaKey) return;
    const one = event.target, inside = one?.matches?.(FIELD);
    if (!inside && !one?.matches?.(HIT)) return;
    if (event.key === "Enter" && inside) {
      event.preventDefault();
      ask(one);
    } else if (event.key === "ArrowDown") step(event, one, 1);
    else if (event.key === "ArrowUp") step(event, one, -1);
    else if (event.key === "Escape") {
      event.preventDefault();
      if (inside) one.blur(); else field()?.focus();
    } else return;
    event.stopPropagation();
  };
  const click = (event) => {
    if (event.target.closest?.(".stMain .ita-find button")) ask(field());
  };
  // What was found is shown at its place: the piece of evidence, the directive.
  const arrive = () => {
    for (const old of document.querySelectorAll("[data-arrived]")) // Streamlit may draw another thing in its place
      if (location.hash !== `#${old.dataset.arrived}` || !old.matches(`.st-key-at-${old.dataset.arrived}`)) delete old.dataset.arrived;
    if (!PLACE.test(location.hash)) return;
    const place = document.querySelector(`.stMain .st-key-at-${location.hash.slice(1)}`);
    if (!place || place.dataset.arrived) return;
    place.dataset.arrived = location.hash.slice(1); // a class would be taken away with the next run
    if (arrived !== location.href) until = Date.now() + 5000; // so long it may be drawn anew, as another element
    arrived = location.href;
    if (Date.now() < until) place.scrollIntoView({ block: "center" });
  };
  const drawn = new MutationObserver(() => {
    if (!location.hash) arrived = "";
    arrive();
    if (!asked || !here() || document.activeElement !== document.body) return;
    const one = field();
    if (!seen(one)) return;
    one.focus({ preventScroll: true }); // as often as the page is drawn behind it
    one.setSelectionRange(one.value.length, one.value.length);
  });
  const leaves = (event) => {
    if (event.type === "pointerdown" || event.key === "Tab") asked = null;
  };
  drawn.observe(document.body, { childList: true, subtree: true });
  addEventListener("keydown", key, true);
  document.addEventListener("click", click);
  document.addEventListener("pointerdown", leaves, { passive: true, capture: true });
  document.addEventListener("keydown", leaves, { passive: true, capture: true });
  leave = () => {
    leave = null;
    drawn.disconnect();
    removeEventListener("keydown", key, true);
    document.removeEventListener("click", click);
    document.removeEventListener("pointerdown", leaves, { capture: true });
    document.removeEventListener("keydown", leaves, { capture: true });
  };
  return () => leave?.();
}
