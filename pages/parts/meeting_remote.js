const SECONDS = 20;
const TYPING = 'input, textarea, select, [contenteditable="true"], [role="listbox"], [role="grid"], [role="dialog"], '
  + '[data-baseweb="popover"], [data-testid="stPopoverBody"], dialog';
let leave = null; // Streamlit calls us again when the theme changes, without ending what we began
export default function ({ setTriggerValue }) {
  leave?.();
  const body = document.body;
  const address = location.pathname;
  let now = new URLSearchParams(location.search).get("screen") ?? "";
  let focused = ""; // what had the focus in a screen that may be drawn anew
  let timer = 0;
  const screens = () => [...document.querySelectorAll(".ita-screen")];
  const place = (all) => {
    const found = all.findIndex((one) => one.dataset.screen === now);
    // It was continued on a screen that is not needed any more.
    return found < 0 ? all.findLastIndex((one) => one.dataset.subject === now.split("-")[0]) : found;
  };
  const show = (number, say) => {
    const all = screens();
    if (!all.length || location.pathname !== address) return;
    const one = all[Math.min(Math.max(number, 0), all.length - 1)];
    for (const other of all) other.hidden = other !== one;
    now = one.dataset.screen;
    body.dataset.screen = one.dataset.subject;
    const to = new URL(location.href);
    to.searchParams.set("screen", now);
    if (to.href !== location.href) history.replaceState(history.state, "", to);
    if (!say) return;
    document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
    const aloud = document.querySelector(".ita-aloud");
    if (aloud) aloud.textContent = one.getAttribute("aria-label");
    restart();
  };
  const go = (where) => {
    const all = screens();
    const at = place(all);
    const to = { next: at + 1, previous: at - 1, first: 0, last: all.length - 1 }[where];
    show(to ?? all.findIndex((one) => one.dataset.number === where), true);
  };
  const typing = () => document.activeElement?.closest(TYPING);
  const restart = () => {
    clearInterval(timer);
    if (!body.dataset.auto) return;
    timer = setInterval(() => {
      const all = screens();
      if (!document.hidden && !typing()) show((place(all) + 1) % all.length, true);
    }, SECONDS * 1000);
  };
  const auto = () => {
    if (body.dataset.auto) delete body.dataset.auto; else body.dataset.auto = "on";
    pressed();
    restart();
  };
  const full = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.();
  };
  const pressed = () => {
    const state = { auto: Boolean(body.dataset.auto), full: Boolean(document.fullscreenElement) };
    for (const [name, on] of Object.entries(state))
      document.querySelector(`[data-meeting="${name}"]`)?.setAttribute("aria-pressed", on);
  };
  const acts = {
    auto, full, next: () => go("next"), previous: () => go("previous"),
    first: () => go("first"), last: () => go("last"),
  };
  const keys = {
    ArrowRight: "next", PageDown: "next", Space: "next", ArrowLeft: "previous", PageUp: "previous", Home: "first",
    End: "last", KeyF: "full", KeyA: "auto",
  };
  const key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(TYPING)) return;
    // Space presses the button that has the focus.
    if (event.code === "Space" && event.target.closest?.("button, a, summary")) return;
    const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
    if (digit && !screens().some((one) => one.dataset.number === digit)) return;
    if (!digit && !keys[event.code]) return;
    event.preventDefault();
    event.stopPropagation();
    if (digit) go(digit); else acts[keys[event.code]]();
  };
  const click = (event) => {
    const button = event.target.closest?.("[data-meeting], [data-settle]");
    if (!button) return;
    if (button.dataset.meeting) return acts[button.dataset.meeting]();
    if (button.dataset.settle === "cancelled") ask(button); else settle(button);
  };
  const settle = (button, note = "") => {
    button.disabled = true; // once; the screen that comes back has what became of it
    setTriggerValue("settle", { directive: Number(button.dataset.directive), what: button.dataset.settle, note });
  };
  // Why it is cancelled, over the screens: they may be drawn anew behind it.
  const ask = (button) => {
    const dialog = document.querySelector("dialog.ita-why");
    if (!dialog || dialog.open) return;
    const typed = dialog.querySelector("textarea");
    typed.value = "";
    dialog.querySelector(".what").textContent = button.title;
    dialog.querySelector(".back").onclick = () => dialog.close();
    dialog.querySelector("form").onsubmit = () => settle(button, typed.value);
    dialog.showModal();
    typed.focus();
  };
  // A directive that was just given is seen at once, on whichever of the screens of directives it stands.
  let newest = null;
  const given = () => {
    const rows = [...document.querySelectorAll("[data-given]")];
    const last = rows.reduce((one, other) => Math.max(one, Number(other.dataset.given)), 0);
    if (!screens().length) return;
    const came = newest !== null && last > newest;
    if (newest === null || came) newest = last;
    if (!came || body.dataset.screen !== "directives") return;
    const row = rows.find((one) => Number(one.dataset.given) === last);
    show(screens().indexOf(row.closest(".ita-screen")), false);
    row.classList.add("just");
    row.scrollIntoView({ block: "nearest" });
  };
  const path = (one) => one.dataset.settle
    ? `[data-settle="${one.dataset.settle}"][data-directive="${one.dataset.directive}"]`
    : one.getAttribute("href") ? `a[href="${CSS.escape(one.getAttribute("href"))}"]` : "";
  const focus = (event) => {
    const inside = event.target.closest?.(".ita-screen");
    focused = inside ? path(event.target) : "";
  };
  const drawn = new MutationObserver(() => {
    const all = screens();
    if (!all.length || all.filter((one) => !one.hidden).length === 1) return;
    show(place(all), false);
    given();
    if (focused && document.activeElement === body)
      document.querySelector(`.ita-screen:not([hidden]) ${focused}`)?.focus({ preventScroll: true });
  });
  drawn.observe(body, { childList: true, subtree: true });
  addEventListener("keydown", key, true);
  document.addEventListener("click", click);
  document.addEventListener("focusin", focus);
  document.addEventListener("fullscreenchange", pressed);
  show(place(screens()), false);
  given();
  leave = (page) => {
    leave = null;
    clearInterval(timer);
    drawn.disconnect();
    removeEventListener("keydown", key, true);
    document.removeEventListener("click", click);
    document.removeEventListener("focusin", focus);
    document.removeEventListener("fullscreenchange", pressed);
    if (!page) return; // begun anew at once
    delete body.dataset.screen;
    delete body.dataset.auto;
    if (document.fullscreenElement) document.exitFullscreen();
  };
  return () => leave?.(true);
}
