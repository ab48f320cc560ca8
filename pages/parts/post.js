// Posts `body` to `path` once for every `key`, then opens `then`, or loads this very address again: the way someone came
// in (path and query) stays. A ticket so never stands in an address.
const done = new Set();
export default function ({ data, setTriggerValue }) {
  if (!data || done.has(data.key)) return;
  done.add(data.key);
  fetch(data.path, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(data.body),
  }).then((answer) => {
    if (!answer.ok) setTriggerValue("failed", true);
    else if (data.then) location.assign(data.then);
    else location.reload();
  }, () => setTriggerValue("failed", true));
}
