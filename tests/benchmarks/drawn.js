// Watches from the page's first moment what the server says and what changes on the page; `settled` waits until both
// have been still for a while and answers when the last change was painted, in milliseconds after `since`.
(() => {
  const STILL = 300;
  const last = { message: 0, change: 0 };
  const main = '[data-testid="stMain"]';
  const busy = '[data-testid="stSkeleton"], [data-testid="stSpinner"]';

  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", () => { last.message = performance.now(); });
    }
  };

  const inside = ({ target, addedNodes }) =>
    (target.closest ? target : target.parentElement)?.closest(main) ||
    [...addedNodes].some((node) => node.querySelector?.(main));
  // A message that is posted in a frame arrives once that frame was laid out and painted.
  const painted = new MessageChannel();
  painted.port1.onmessage = () => { last.change = performance.now(); };
  new MutationObserver((changes) => {
    if (changes.some(inside)) requestAnimationFrame(() => painted.port2.postMessage(0));
  }).observe(document, { subtree: true, childList: true, characterData: true });

  const LONGEST = 30_000;
  window.settled = (since) => new Promise((answer, fail) => {
    const began = performance.now();
    const look = () => {
      const app = document.querySelector('[data-testid="stApp"]');
      const running = app?.dataset.testScriptState !== "notRunning" || document.querySelector(busy);
      const still = performance.now() - Math.max(last.message, last.change) > STILL;
      if (performance.now() - began > LONGEST) {
        fail(new Error(`not drawn: ${location.href} running ${!!running} still ${still} since ${since - last.message}`));
      } else if (running || !still || last.message < since) setTimeout(look, 25);
      else answer((last.change > since ? last.change : last.message) - since);
    };
    look();
  });
  window.measure = (act) => {
    const since = performance.now();
    act();
    return window.settled(since);
  };
})();
