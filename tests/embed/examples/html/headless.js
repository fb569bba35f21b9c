import { Moue } from "./moue/embed.js";

const faces = document.querySelector("#faces");

document.querySelector("input").addEventListener("change", async ({ target }) => {
  const moue = await Moue.create({ purpose: "research", maxFaces: 4 });
  try {
    const reading = await moue.analyze(target.files[0]);
    faces.textContent = reading.faces.map(inWords).join("\n") || "No face was found.";
  } catch (error) {
    faces.textContent = `${error.code}: ${error.message}`;
  } finally {
    moue.close();
  }
});

function inWords({ number, box, expression, probabilities, problem }) {
  const look = problem ?? expression ?? "unsure";
  const share = expression ? ` with a probability of ${probabilities[expression].toFixed(2)}` : "";
  return `Face ${number}, ${Math.round(box.width)} pixels wide: ${look}${share}`;
}
