// A list is looked over by our own route and, once somebody has read what was found, sent once more to be imported: the
// very bytes, which only this page holds meanwhile. Nothing of it passes through Streamlit.
const zones = new Map(); // address → { state, name, bytes, sha256, says }: found again by a page that is drawn anew

export default function ({ data, parentElement, setTriggerValue }) {
  if (!data) return;
  if (!zones.has(data.address)) zones.set(data.address, { imported: 0 });
  const zone = zones.get(data.address), { words } = data;
  const area = parentElement.querySelector(".ita-drop"), input = area.querySelector("input");
  const list = area.querySelector("ul");
  area.querySelector(".words").textContent = words.choose;
  area.querySelector(".which").textContent = words.which;
  input.setAttribute("aria-label", words.choose);
  input.accept = data.accept;
  zone.tell = setTriggerValue;

  const send = async (step) => {
    const mine = zone.bytes;
    const answer = await fetch(`${data.address}/${step}`, {
      method: "POST",
      credentials: "same-origin",
      headers: {
        "Content-Type": "application/octet-stream",
        "X-File-Name": encodeURIComponent(zone.name),
        ...(step === "import" ? { "X-Seen": zone.sha256 } : {}),
      },
      body: mine,
    }).catch(() => null);
    const said = await answer?.json().catch(() => null);
    return zone.bytes === mine ? { ok: answer?.ok, said } : null; // else another file was chosen meanwhile
  };
  const fail = (says) => Object.assign(zone, { state: "refused", says: says || words.lost, bytes: null });
  const look = async (file) => {
    Object.assign(zone, { state: "busy", name: file.name, says: words.checking, bytes: null });
    draw();
    if (file.size === 0) fail(words.empty);
    else if (file.size > data.limit * 1048576) fail(words.large);
    else {
      zone.bytes = await file.arrayBuffer().catch(() => null);
      const found = zone.bytes ? await send("check") : { ok: false };
      if (!found) return;
      if (found.ok) Object.assign(zone, { state: "found", says: found.said.found, sha256: found.said.sha256 });
      else fail(found.said?.says);
    }
    zone.draw?.();
  };
  const bring = async () => {
    Object.assign(zone, { state: "busy", says: words.importing });
    draw();
    const found = await send("import");
    if (!found) return;
    if (found.ok) {
      Object.assign(zone, { state: "", bytes: null });
      zone.imported += 1;
      zone.tell?.("imported", zone.imported);
    } else fail(found.said?.says);
    zone.draw?.();
  };
  const button = (word, act, main) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = word;
    if (main) made.className = "main";
    made.onclick = act;
    return made;
  };
  const draw = () => {
    if (!zone.state) return list.replaceChildren();
    const line = document.createElement("li"), name = document.createElement("span");
    const about = document.createElement("small");
    name.className = "name";
    name.textContent = zone.name;
    about.textContent = zone.says;
    line.append(name, about);
    if (zone.state === "refused") {
      line.className = "fault";
      about.setAttribute("role", "alert");
    }
    if (zone.state === "found") line.append(button(words.bring, bring, true));
    if (zone.state !== "busy") line.append(button(words.away, () => {
      Object.assign(zone, { state: "", bytes: null });
      draw();
      input.focus();
    }));
    list.replaceChildren(line);
    if (zone.state === "found") line.querySelector("button").focus();
  };
  zone.draw = draw;
  input.onchange = () => { if (input.files[0]) look(input.files[0]); input.value = ""; };
  area.ondragover = (event) => { event.preventDefault(); area.classList.add("over"); };
  area.ondragleave = () => area.classList.remove("over");
  area.ondrop = (event) => {
    event.preventDefault();
    area.classList.remove("over");
    if (event.dataTransfer.files[0]) look(event.dataTransfer.files[0]);
  };
  draw();
  return () => { if (zone.draw === draw) zone.draw = zone.tell = null; };
}
