const OURS = '[data-testid="stHtml"], .stMain [data-testid="stMarkdownContainer"], script, style, textarea, input';
const SAID = ["aria-label", "title", "placeholder"];
const BOXES = '[data-testid="stPopoverBody"], [data-testid="stTopNavPopoverBody"]';
const INSIDE = 'a[href], button:not(:disabled), input:not(:disabled), select, textarea, [tabindex="0"]';
const THAI = /[\u0e00-\u0e7f]/;
const FILLING = 250; // ms until what a box holds is there
const STATE = "data-test-script-state";
const ANSWERING = 10000, DRAWING = 200; // ms in which a page answers a press; until what it drew stands there
let leave = null; // Streamlit calls us again when the theme or the language changes, without ending what we began
export default function ({ data }) {
  leave?.();
  const { language, texts, counted, further, chosen } = data;
  document.documentElement.lang = language;
  const ours = new WeakMap(); // what a node was given here: React writes there only what changes
  const word = (text) => {
    const said = text.trim();
    if (texts[said]) return texts[said];
    const number = /^(\d+) options? available\.$/.exec(said);
    if (number && counted) return counted.replace("{number}", number[1]);
    const more = /^(\d+) more$/.exec(said); // links for which the menu's row lacks the room
    if (more && further) return further.replace("{number}", more[1]);
    const day = /^Selected Date: (.+)$/.exec(said);
    const date = day && chosen && new Date(day[1]);
    return date && !isNaN(date) ? `${chosen} ${date.toLocaleDateString("th-TH", { dateStyle: "long" })}` : "";
  };
  const translate = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const thai = word(node.data);
      if (thai && !node.parentElement?.closest(OURS)) node.data = thai;
      return;
    }
    if (node.closest('[data-testid="stHtml"]')) return;
    for (const name of SAID) {
      const thai = node.hasAttribute(name) && word(node.getAttribute(name));
      if (thai) node.setAttribute(name, thai);
    }
  };
  // Where the page is English, what the plan says in Thai is read as Thai.
  const mark = (node) => {
    const parent = node.nodeType === Node.TEXT_NODE ? node.parentElement : null;
    if (!parent || parent.closest("script, style")) return;
    if (THAI.test(parent.textContent) && THAI.test([...parent.childNodes].map((one) => one.nodeType === 3 ? one.data : "").join(""))) {
      if (!parent.lang) { parent.lang = "th"; ours.set(parent, true); }
    } else if (ours.has(parent)) { parent.removeAttribute("lang"); ours.delete(parent); }
  };
  // The menu's groups stand as boxes within its list, which is none then: it is read as the links that it holds.
  const lists = () => {
    for (const one of document.querySelectorAll('[data-testid="stSidebarNavItems"]:has(> div), [data-testid="stSidebarNavItems"]:has(> div) li'))
      if (one.role !== "presentation") one.role = "presentation";
  };
  let opener = null; // what opened the box that is open
  const boxes = (added) => {
    const box = added.matches?.(BOXES) ? added : added.querySelector?.(BOXES);
    if (!box) return;
    if (box.contains(document.activeElement)) return;
    opener = document.activeElement;
    box.tabIndex = -1;
    box.focus({ preventScroll: true }); // read aloud by its name; what it holds comes one by one, the first not first
    setTimeout(() => {
      if (document.activeElement === box) box.querySelector(INSIDE)?.focus({ preventScroll: true });
    }, FILLING);
  };
  const shut = (removed) => {
    if (!opener || !(removed.matches?.(BOXES) || removed.querySelector?.(BOXES))) return;
    if (document.activeElement === document.body && opener.isConnected) opener.focus({ preventScroll: true });
    opener = null;
  };
  // A press: what is refused is scrolled to, and the focus that is lost with what was pressed goes to what comes in its
  // place: the same button drawn anew, or else the nearest of what stood around it.
  let pressed = null;
  const press = (event) => {
    const button = event.target.closest?.("button");
    const from = button?.closest(BOXES) ? opener : button;
    if (!from?.closest('[data-testid="stMain"]')) return;
    const around = [];
    for (let one = from; one && one.dataset.testid !== "stMain"; one = one.parentElement) around.push(one);
    const key = button.closest('[class*="st-key-"]')?.className.match(/st-key-\S+/)?.[0];
    pressed = { key, around, at: Date.now() };
  };
  const answers = () => pressed && Date.now() - pressed.at < ANSWERING;
  const news = (added) => { // what came of it, where it stands far from what was pressed
    const told = added.matches?.(".ita-news") ? added : added.querySelector?.(".ita-news");
    if (!told || !answers()) return;
    pressed = null;
    told.scrollIntoView({ block: "nearest" });
    told.focus({ preventScroll: true });
  };
  const refused = (added) => {
    const said = added.matches?.('[data-testid="stAlert"]') ? added : added.querySelector?.('[data-testid="stAlert"]');
    if (said && answers()) said.scrollIntoView({ block: "nearest" });
  };
  const drawn = () => {
    if (!answers() || document.activeElement !== document.body) return;
    const again = pressed.key && document.querySelector(`.stMain .${CSS.escape(pressed.key)} button:not(:disabled)`);
    const next = again || pressed.around.find((one) => one.isConnected && one.innerText?.trim())
      || document.querySelector('[data-testid="stMain"]');
    pressed = null;
    if (!next) return;
    if (next.tabIndex < 0) next.tabIndex = -1;
    if (next !== again) { // a block, up to the whole page: without the ring, for as long as the focus rests there
      next.dataset.lands = "";
      next.addEventListener("blur", () => delete next.dataset.lands, { once: true });
    }
    next.focus({ preventScroll: true });
  };
  const each = (node, what) => {
    if (node.nodeType === Node.TEXT_NODE || node.nodeType === Node.ELEMENT_NODE) what(node);
    const walk = document.createTreeWalker(node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) what(walk.currentNode);
  };
  const mend = language === "th" ? translate : mark;
  const watcher = new MutationObserver((records) => {
    for (const { type, target, attributeName, addedNodes, removedNodes } of records) {
      if (type !== "childList") mend(target);
      for (const node of addedNodes) { each(node, mend); boxes(node); refused(node); news(node); }
      if (attributeName === STATE && target.getAttribute(STATE) === "notRunning") setTimeout(drawn, DRAWING);
      for (const node of removedNodes) shut(node);
    }
    lists();
  });
  watcher.observe(document.body, {
    childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: [...SAID, STATE],
  });
  document.addEventListener("click", press, true);
  each(document.body, mend);
  lists();
  leave = () => {
    leave = null;
    document.removeEventListener("click", press, true);
    watcher.disconnect();
  };
  return () => leave?.();
}
