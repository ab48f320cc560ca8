// A button copies the text of the field beside it. Over http, from another machine, browsers offer no clipboard to
// scripts: there the text is selected and copied as by Ctrl and C.
const SHOWN = 2000; // ms
const select = (field) => {
  field.focus();
  field.select();
  return document.execCommand("copy");
};
export default function () {
  const copy = async (event) => {
    const button = event.target.closest?.("button.ita-copy");
    if (!button) return;
    event.preventDefault();
    const field = document.getElementById(button.dataset.of), said = document.getElementById(`${button.dataset.of}-said`);
    let done = false;
    try {
      if (window.isSecureContext && navigator.clipboard) {
        await navigator.clipboard.writeText(field.value);
        done = true;
      } else done = select(field);
    } catch {
      done = select(field); // the browser was told to give no clipboard
    }
    button.focus();
    said.textContent = done ? button.dataset.done : button.dataset.failed;
    setTimeout(() => { said.textContent = ""; }, SHOWN);
  };
  document.addEventListener("click", copy);
  return () => document.removeEventListener("click", copy);
}
