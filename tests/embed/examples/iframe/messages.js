// The same without moue-frame.js.
const ORIGIN = "https://moue.example";
const iframe = document.querySelector("iframe");
const say = (type) => iframe.contentWindow.postMessage({ moue: 1, type }, ORIGIN);

// The frame may have loaded before this script; then the page has not.
for (const loads of [iframe, window]) loads.addEventListener("load", () => say("hello"));
window.addEventListener("message", ({ source, origin, data }) => {
  if (source !== iframe.contentWindow || origin !== ORIGIN || data?.moue !== 1) return;
  if (data.type === "size") iframe.height = data.height;
  if (data.type === "expression") document.querySelector("#look").textContent = data.faces[0]?.expression ?? "unsure";
});
