const SETTLING = 2000, STILL = 8; // ms, px
const PAUSE = 1000; // ms after which what was typed is kept
const LEAVING = 150, KEEPING = 2000; // ms until a text that was left is on its way, and until it must have been kept
const TEXT = '.stMain textarea, .stMain input:not([type="checkbox"], [type="radio"], [type="file"]), '
  + '[data-testid="stPopoverBody"] textarea, [data-testid="stPopoverBody"] input';
const KEPT = ["office", "year", "day"]; // what one looks at stays from page to page, until another is chosen
const MENU = '[data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"]';
export default function () {
  let typing = 0;
  let pressed = null; // the last press of a button: which, when and where
  let typed = null; // the text that is being written, and the clock that keeps it
  let left = 0; // when a text that was written into was left
  let leaving = 0; // the number of the last way that was chosen
  let chosen = null; // the selector of what loses the focus when the page behind it is drawn anew
  const go = (address) => {
    const now = new URLSearchParams(location.search);
    const to = new URL(address.startsWith("?") ? location.href : address, location.href);
    // "?day=…" changes one thing of this very address
    const change = address.startsWith("?") ? new URLSearchParams(address) : [];
    for (const [name, value] of change) to.searchParams.set(name, value);
    if (address.startsWith("?") && !change.has("page")) to.searchParams.delete("page"); // of another list than before
    for (const name of KEPT) if (now.has(name) && !to.searchParams.has(name)) to.searchParams.set(name, now.get(name));
    for (const [name, value] of [...to.searchParams]) if (!value) to.searchParams.delete(name);
    const elsewhere = to.pathname !== location.pathname;
    if (to.href !== location.href) history.pushState({}, "", to); // the same address again is a fresh look
    dispatchEvent(new PopStateEvent("popstate"));
    if (!elsewhere) return;
    document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
    // On a phone the menu lies over the page that was just chosen.
    if (innerWidth < 900) document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  };
  // A text that was just left is on its way to the server. A page that is chosen in that moment would be overtaken by
  // it, or the text be lost: so first the text, then the page; the last one chosen, where there were several.
  const state = () => document.querySelector('[data-testid="stApp"]')?.getAttribute("data-test-script-state");
  const once = (act) => {
    const mine = ++leaving;
    const wait = () => {
      const since = Date.now() - left;
      if (mine !== leaving) return;
      if (since < LEAVING || (state() === "running" && since < KEEPING)) return setTimeout(wait, 20);
      left = 0;
      act();
    };
    if (left && Date.now() - left < KEEPING) wait(); else act();
  };
  const write = (event) => {
    const field = event.target;
    if (!field.matches?.(TEXT)) return;
    clearTimeout(typed?.clock);
    typed = { field, clock: setTimeout(() => keep(field), PAUSE) };
  };
  // As Ctrl and Enter keep a long text (a short one is asked to be kept so itself: `live`); in a form that would send it.
  const keep = (field) => {
    if (field !== document.activeElement || field.tagName !== "TEXTAREA" || field.closest('[data-testid="stForm"]')) return;
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", ctrlKey: true, bubbles: true }));
  };
  const leave = (event) => {
    if (event.target !== typed?.field) return;
    clearTimeout(typed.clock);
    typed = null;
    left = Date.now();
  };
  // A press is for the button that stood there. Where another one took its place while the pointer rested, it is the
  // second half of a double click, or came too early: it does nothing.
  const far = (event) => Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > STILL;
  const moved = (event) => {
    if (pressed && far(event)) pressed = null;
  };
  const meant = (event) => {
    const button = event.target.closest?.("button");
    if (!button || !event.detail) return true; // from the keyboard, whose focus does not go to another button
    const key = button.closest('[class*="st-key-"]')?.className.match(/st-key-\S+/)?.[0];
    const what = [key, button.dataset.settle, button.dataset.directive, button.textContent].join();
    const now = { what, at: Date.now(), x: event.clientX, y: event.clientY };
    if (pressed && !far(event) && pressed.what !== what && now.at - pressed.at < SETTLING) return false;
    pressed = now;
    return true;
  };
  const click = (event) => {
    if (!meant(event)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    const link = event.target.closest?.(`a.ita-go, ${MENU}`);
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const href = link.getAttribute("href");
    chosen = href.startsWith("?") ? `a.ita-go[href="${CSS.escape(href)}"]` : null;
    once(() => go(href));
  };
  const choose = (event) => {
    const { value, dataset, type } = event.target, name = dataset?.param;
    if (!name || !event.target.checkValidity()) return;
    clearTimeout(typing);
    // A day that is being typed is a day after each part of it: wait for the last.
    typing = setTimeout(() => {
      chosen = `[data-param="${name}"]`;
      go(`?${new URLSearchParams([[name, value]])}`);
    }, type === "date" ? 800 : 0);
  };
  // A list whose pieces are ticked: what is sent goes to an address that ends in the ids of those that are.
  const ticked = (form) => [...form.querySelectorAll("input[name=piece]:checked")];
  const tick = (event) => {
    const form = event.target.closest?.("form.ita-pick");
    if (!form) return;
    const each = [...form.querySelectorAll("input[name=piece]")], all = form.querySelector("input.all");
    if (event.target === all) for (const one of each) one.checked = all.checked;
    const number = ticked(form).length;
    all.checked = number === each.length;
    for (const one of form.querySelectorAll(".count")) one.textContent = number ? `(${number})` : "";
    form.querySelector(".refused").textContent = "";
  };
  const send = (event) => {
    const form = event.target.closest?.("form.ita-pick");
    if (!form) return;
    event.preventDefault();
    const { to, go: within } = event.submitter?.dataset ?? {}, refused = form.querySelector(".refused");
    const chosen = ticked(form).filter((one) => !within || one.dataset.mine);
    const size = chosen.reduce((sum, one) => sum + Number(one.dataset.size), 0);
    const fault = !ticked(form).length ? "none" : !chosen.length ? "mine" : to && size > Number(form.dataset.most) ? "large" : "";
    refused.textContent = fault ? refused.dataset[fault] : "";
    if (fault || !(to || within)) return;
    const ids = chosen.map((one) => one.value).join(",");
    if (within) go(within + ids);
    else {
      const file = Object.assign(document.createElement("a"), { href: to + ids, download: "" });
      document.body.append(file); // as a link to a file is pressed: the page stays
      file.click();
      file.remove();
    }
  };
  const focus = new MutationObserver(() => {
    if (!chosen || document.activeElement !== document.body) return;
    document.querySelector(chosen)?.focus({ preventScroll: true }); // as often as a page is drawn behind it
  });
  const leaves = (event) => {
    if (event.type === "pointerdown" || event.key === "Tab") chosen = null;
  };
  focus.observe(document.body, { childList: true, subtree: true });
  document.addEventListener("click", click, true); // before Streamlit's own menu hears of it
  document.addEventListener("input", write);
  document.addEventListener("focusout", leave);
  document.addEventListener("change", choose);
  document.addEventListener("change", tick);
  document.addEventListener("submit", send);
  document.addEventListener("pointermove", moved, { passive: true });
  document.addEventListener("pointerdown", leaves, { passive: true, capture: true });
  document.addEventListener("keydown", leaves, { passive: true, capture: true });
  return () => {
    focus.disconnect();
    document.removeEventListener("click", click, true);
    document.removeEventListener("input", write);
    document.removeEventListener("focusout", leave);
    document.removeEventListener("change", choose);
    document.removeEventListener("change", tick);
    document.removeEventListener("submit", send);
    document.removeEventListener("pointermove", moved);
    document.removeEventListener("pointerdown", leaves, { capture: true });
    document.removeEventListener("keydown", leaves, { capture: true });
  };
}
