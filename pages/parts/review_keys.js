const TYPING = 'input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable="true"], [role="listbox"], '
  + '[role="combobox"], [role="grid"], [data-testid="stPopoverBody"]';
const SETTLING = 1000; // ms in which a press is still for the piece that was just decided
const STATE = "data-test-script-state";
const HERE = ':not([data-stale="true"])';
const ACCEPT = `[class*="st-key-accept-"]${HERE} button:not(:disabled)`;
const RETURN = `[class*="st-key-give-back-"]${HERE} button:not(:disabled)`;
const DECIDES = '[class*="st-key-accept-"] button, [class*="st-key-return-"] button';
let leave = null; // Streamlit calls us again when the theme changes, without ending what we began
export default function () {
  leave?.();
  const find = (what) => document.querySelector(`.stMain ${what}`);
  const keyOf = (one) => one?.closest('[class*="st-key-"]')?.className.match(/st-key-\S+-(\d+)/)?.[1];
  let decided = null; // the piece whose decision was pressed, and when
  let unsaid = false; // whether the next one's name is still to be read aloud
  let turned = null; // when another piece was chosen that may not be drawn yet: nothing is decided unseen
  const state = () => document.querySelector('[data-testid="stApp"]')?.getAttribute(STATE);
  const say = (text) => {
    const aloud = find(".ita-keys-aloud");
    if (aloud) aloud.textContent = text;
  };
  const pieces = () => [...document.querySelectorAll('.st-key-queue input[type="radio"]')];
  const chosen = () => pieces().find((one) => one.checked)?.closest("label")?.textContent ?? "";
  const turn = (by) => {
    const all = pieces();
    const to = all[all.findIndex((one) => one.checked) + by];
    if (!to) return;
    turned = { at: Date.now(), ran: false };
    to.focus(); // read aloud by its name
    to.click();
  };
  const unseen = () => turned
    && !(turned.ran && state() === "notRunning" && Date.now() - turned.at > SETTLING / 4);
  const soon = () => unseen() || (decided && Date.now() - decided.at < SETTLING);
  const acts = {
    KeyJ: () => turn(1),
    KeyK: () => turn(-1),
    KeyA: () => {
      const accept = soon() ? null : find(ACCEPT);
      accept?.focus(); // so that the focus goes on from here
      accept?.click();
    },
    KeyR: () => {
      const box = find(RETURN);
      if (!soon() && box?.getAttribute("aria-expanded") !== "true") box?.click(); // the cursor goes into the reason
    },
  };
  const help = () => {
    const keys = find(".ita-keys");
    if (!keys) return;
    keys.open = !keys.open;
    keys.querySelector("summary").focus();
    say(keys.open ? keys.querySelector("ul").textContent : "");
  };
  const key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const pressing = ["Enter", "Space", "NumpadEnter"].includes(event.code) && event.target.closest?.(DECIDES);
    if (pressing && (event.repeat || soon())) return event.preventDefault(); // held down, or twice: for the one before
    if (event.target.closest?.(TYPING)) return;
    const asks = event.key === "?" || (event.code === "Slash" && event.shiftKey); // on a Thai keyboard that is ฦ
    const act = asks ? help : event.shiftKey ? null : acts[event.code];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) act();
  };
  const click = (event) => {
    const piece = keyOf(event.target.closest?.(DECIDES));
    if (piece) decided = { piece, at: Date.now() };
  };
  // What was pressed is gone with its piece: the focus goes to the next one's decision, or to the page that has none.
  const drawn = new MutationObserver((records) => {
    if (turned && records.some((one) => one.attributeName === STATE)) turned.ran = true;
    if (unsaid && chosen()) { // the decision may be drawn before the queue says which one is chosen
      unsaid = false;
      say(chosen());
    }
    if (!decided || document.activeElement !== document.body) return;
    const next = find(ACCEPT);
    if (next && keyOf(next) === decided.piece) return;
    if (!next && document.querySelector('[class*="st-key-accept-"]')) return;
    (next ?? document.querySelector('[data-testid="stMain"]'))?.focus({ preventScroll: true });
    unsaid = Boolean(next) && !chosen();
    if (next) say(chosen());
    decided.piece = "";
  });
  drawn.observe(document.body, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["data-stale", STATE],
  });
  addEventListener("keydown", key, true);
  document.addEventListener("click", click, true);
  leave = () => {
    leave = null;
    drawn.disconnect();
    removeEventListener("keydown", key, true);
    document.removeEventListener("click", click, true);
  };
  return () => leave?.();
}
