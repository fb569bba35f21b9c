// A copy of moue-frame.js lies beside this page.
import { connect } from "./moue-frame.js";

const frame = connect(document.querySelector("iframe"));
const look = document.querySelector("#look");

frame.addEventListener("expression", ({ detail }) => {
  look.textContent = detail.faces[0]?.expression ?? "unsure";
});
frame.addEventListener("error", ({ detail }) => console.warn(detail.code, detail.message));
