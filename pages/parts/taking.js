// A file is made before its first byte is sent, and until then a browser shows nothing. So a line of the page says that
// it is being made, from half a second on until the answer comes, which says so by a cookie (`web/taking.py`); then the
// browser shows how much has come. What is refused would be a failed download without a word: it is asked once more,
// for its sentence.
const SLOW = 500, LOOK = 200, SHOWN = 4000; // ms
const LONGEST = 120_000; // where no answer says so: whose sign-in has ended gets one without a cookie
const answer = (name) => document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.split("=")[1];
const sentence = async (address) => {
  const stop = new AbortController();
  try {
    const said = await fetch(address, { signal: stop.signal });
    return said.ok ? "" : await said.text();
  } catch {
    return "";
  } finally {
    stop.abort();
  }
};
export default function () {
  let last = 0; // the newest question's number: the line is its
  const take = (event) => {
    const link = event.target.closest?.("a[download]"), line = document.getElementById("ita-taking");
    if (!link || !line) return;
    const mine = ++last, began = Date.now();
    const called = Math.random().toString(36).slice(2, 14), name = `ita_taking_${called}`, plain = link.href;
    const say = (text, busy = false) => {
      if (mine !== last) return;
      line.hidden = !text;
      line.querySelector("span").textContent = text;
      line.querySelector("progress").hidden = !busy;
    };
    const address = new URL(plain);
    address.searchParams.set("taking", called);
    link.href = address;
    setTimeout(() => { link.href = plain; }); // the browser has gone to it
    say("");
    const clock = setInterval(async () => {
      const status = answer(name), took = Date.now() - began;
      if (!status && took < LONGEST) return took < SLOW ? undefined : say(`${line.dataset.making} ${link.dataset.name}`, true);
      clearInterval(clock);
      document.cookie = `${name}=; path=/; max-age=0`;
      if (status && status !== "200") return say((await sentence(plain)) || line.dataset.failed);
      say(status && took > SLOW ? line.dataset.coming : "");
      setTimeout(() => say(""), SHOWN);
    }, LOOK);
  };
  document.addEventListener("click", take, true);
  return () => document.removeEventListener("click", take, true);
}
