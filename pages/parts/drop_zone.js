// Files go to our own route by themselves, one request each: nothing of them passes through Streamlit. What is on its
// way lives in this module, so a page that is drawn anew meanwhile finds it again.
const AT_ONCE = 3;
const zones = new Map(); // address of the item → { files, tell }

const unique = () => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
const percent = (file) => Math.floor((100 * file.sent) / Math.max(file.source.size, 1));
const size = (bytes) => bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
const busy = () => [...zones.values()].some((zone) => zone.files.some((file) => ["waits", "goes", "checked"].includes(file.state)));

addEventListener("beforeunload", (event) => { if (busy()) event.preventDefault(); });

// Whatever opens beside a slot of the page's table takes files for exactly that slot; its name goes with the file.
let current = null; // the zone that is drawn
const chooser = document.createElement("input");
chooser.type = "file";
const slotOf = (event) => current?.drawn() && event.target.closest?.("[data-slot]");
document.addEventListener("click", (event) => {
  const slot = event.target.closest?.(".ita-send") && slotOf(event);
  if (!slot) return;
  const zone = current, format = slot.dataset.slot.split("|")[2];
  chooser.accept = (format && zone.kinds[format]) || zone.accept;
  chooser.onchange = () => { add(zone, [...chooser.files], slot.dataset); chooser.value = ""; };
  chooser.click();
});
const files = (event) => current?.drawn() && [...(event.dataTransfer?.types ?? [])].includes("Files");
const over = (slot) => document.querySelectorAll(".ita-slot.over").forEach((one) => one !== slot && one.classList.remove("over"));
document.addEventListener("dragover", (event) => {
  if (!files(event)) return;
  event.preventDefault(); // beside a slot the browser would open the file in the page's place
  const slot = slotOf(event);
  over(slot);
  slot?.classList.add("over");
});
document.addEventListener("drop", (event) => {
  if (!files(event)) return;
  event.preventDefault();
  over(null);
  const slot = slotOf(event);
  if (slot) add(current, [...event.dataTransfer.files], slot.dataset);
});

// What the page draws after this is looked for until it stands there, for a while.
function goTo(id, tries = 100) {
  const found = document.getElementById(id);
  if (!found) return tries > 0 && setTimeout(() => goTo(id, tries - 1), 100);
  (found.id.startsWith("received-") ? document.querySelector(".ita-told") ?? found : found).scrollIntoView({ block: "start" });
  found.focus({ preventScroll: true });
}

function add(zone, chosen, slot) {
  if (!zone.several) zone.files = zone.files.filter((file) => ["goes", "checked"].includes(file.state)); // in its place
  for (const source of chosen) {
    const other = zone.others.some((suffix) => source.name.toLowerCase().endsWith(suffix));
    const fault = source.size === 0 ? zone.words.empty : other ? zone.words.other
      : source.size > zone.limit * 1048576 ? zone.words.large : "";
    zone.files.push({ key: unique(), source, sent: 0, state: fault ? "refused" : "waits", says: fault, slot: slot?.slot, label: slot?.label });
  }
  next(zone);
}

function next(zone) {
  for (const file of zone.files) {
    if (zone.files.filter((one) => ["goes", "checked"].includes(one.state)).length >= AT_ONCE) break;
    if (file.state === "waits") send(zone, file);
  }
  zone.draw?.();
}

async function send(zone, file) {
  file.state = "goes";
  file.sent = 0;
  const address = `${zone.address}/${file.key}`;
  if (file.again) {
    // The answer may have been lost, not the file.
    const asked = await fetch(address, { credentials: "same-origin" }).catch(() => null);
    if (file.state !== "goes") return;
    if (asked?.ok) return arrived(zone, file, await asked.json().catch(() => null));
  }
  file.again = true;
  const request = file.request = new XMLHttpRequest();
  request.open("POST", address);
  request.setRequestHeader("X-File-Name", encodeURIComponent(file.source.name));
  if (file.slot) request.setRequestHeader("X-Slot", file.slot);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.responseType = "json";
  request.upload.onprogress = (event) => {
    file.sent = event.loaded;
    if (event.loaded === event.total) file.state = "checked";
    zone.draw?.();
  };
  request.onload = () => {
    if (request.status === 200 || request.status === 201) return arrived(zone, file, request.response);
    // 400: the file itself is refused, and sending it again changes nothing; else it may go better next time.
    failed(zone, file, request.status === 400 ? "refused" : "failed", request.response?.says);
  };
  request.onerror = () => failed(zone, file, "failed");
  request.onabort = () => { zone.files = zone.files.filter((one) => one !== file); next(zone); };
  request.send(file.source);
}

function arrived(zone, file, made) {
  zone.files = zone.files.filter((one) => one !== file);
  zone.received += 1;
  next(zone);
  zone.tell?.("received", zone.received); // the page lists it from the database
  if (file.slot && made?.id) goTo(`received-${made.id}`);
}

function failed(zone, file, state, says) {
  file.state = state;
  file.says = says || zone.words.lost;
  next(zone);
  if (file.slot) zone.show?.(); // what became of it stands below the table
}

function row(zone, file) {
  const line = document.createElement("li");
  const name = document.createElement("span");
  name.className = "name";
  name.textContent = file.label ? `${file.source.name} → ${file.label}` : file.source.name;
  const about = document.createElement("small");
  const on = ["waits", "goes", "checked"].includes(file.state);
  about.textContent = file.state === "goes" ? `${size(file.sent)} / ${size(file.source.size)} · ${percent(file)}%`
    : file.state === "checked" ? zone.words.checking : on ? zone.words.waits : file.says;
  line.append(name, about);
  if (on) {
    const bar = document.createElement("progress");
    bar.max = 100;
    if (file.state !== "checked") bar.value = percent(file);
    bar.setAttribute("aria-label", file.source.name);
    line.append(bar);
  } else {
    line.className = "fault";
    about.setAttribute("role", "alert");
  }
  const button = (word, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = word;
    made.setAttribute("aria-label", `${word}: ${file.source.name}`);
    made.onclick = act;
    line.append(made);
  };
  if (file.state === "failed") button(zone.words.again, () => { file.state = "waits"; next(zone); });
  button(on ? zone.words.stop : zone.words.away, () => {
    if (file.request && ["goes", "checked"].includes(file.state)) { file.state = "stopped"; return file.request.abort(); }
    zone.files = zone.files.filter((one) => one !== file);
    next(zone);
  });
  return line;
}

export default function ({ data, parentElement, setTriggerValue }) {
  if (!data) return;
  if (!zones.has(data.address)) zones.set(data.address, { files: [], received: 0 });
  const zone = Object.assign(zones.get(data.address), data, { tell: setTriggerValue });
  const area = parentElement.querySelector(".ita-drop");
  const input = area.querySelector("input");
  area.querySelector(".words").textContent = data.words.choose;
  area.querySelector(".which").textContent = data.words.which;
  input.setAttribute("aria-label", data.words.choose);
  input.accept = data.accept;
  input.multiple = data.several;
  area.querySelector("label").hidden = !data.shown;
  zone.drawn = () => area.isConnected;
  zone.show = () => area.querySelector(".fault")?.scrollIntoView({ block: "center" });
  if (Object.keys(data.kinds).length) current = zone;
  const [to, nonce] = data.goto ?? ["", ""];
  if (to && zone.gone !== nonce) { zone.gone = nonce; goTo(to); }
  zone.draw = () => {
    for (const slot of document.querySelectorAll("[data-slot]")) {
      const going = zone.files.find((one) => one.slot === slot.dataset.slot && ["waits", "goes", "checked"].includes(one.state));
      const button = slot.querySelector(".ita-send");
      slot.classList.toggle("goes", Boolean(going));
      button.dataset.word ??= button.textContent;
      button.textContent = going ? `${percent(going)}%` : button.dataset.word;
    }
    const list = area.querySelector("ul");
    const had = list.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
    list.replaceChildren(...zone.files.map((file) => row(zone, file)));
    if (had) list.querySelector(`[aria-label="${CSS.escape(had)}"]`)?.focus();
  };
  input.onchange = () => { add(zone, input.files); input.value = ""; };
  area.ondragover = (event) => { event.preventDefault(); area.classList.add("over"); };
  area.ondragleave = () => area.classList.remove("over");
  area.ondrop = (event) => {
    event.preventDefault();
    area.classList.remove("over");
    add(zone, [...event.dataTransfer.files].slice(0, data.several ? undefined : 1));
  };
  zone.draw();
  return () => { if (zone.tell === setTriggerValue) zone.draw = zone.tell = null; };
}
