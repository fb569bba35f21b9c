const element = document.querySelector("moue-face");
const look = document.querySelector("#look");

// Comes only after the person ticked that this page may receive what is read.
element.addEventListener("expression", ({ detail }) => {
  const [face] = detail.faces;
  if (face) look.textContent = face.expression ?? "unsure";
});
element.addEventListener("face-lost", () => {
  look.textContent = "nothing";
});
element.addEventListener("consent", ({ detail }) => {
  if (!detail.shared) look.textContent = "nothing";
});
element.addEventListener("error", ({ detail }) => console.warn(detail.code, detail.message));
