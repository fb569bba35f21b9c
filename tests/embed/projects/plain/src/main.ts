import { connect } from "moue-face/frame";
import { XapiOptionError, sendStatements } from "moue-face/xapi";
import { Moue, version, type Face, type MoueError } from "moue-face";

const element = document.querySelector("moue-face");
if (!element) throw new Error("no element");
element.maxFaces = 3;
element.addEventListener("expression", (event) => {
  const first: Face | undefined = event.detail.faces[0];
  console.log(first?.expression, first?.probabilities.happy.toFixed(2), event.detail.seconds);
});
element.addEventListener("error", (event) => console.error(event.detail.code, event.detail.message));
element.addEventListener("click", (event) => console.log(event.clientX));
// @ts-expect-error: no such purpose
element.purpose = "grading";
element.purpose = "self-reflection";

async function readBoth(picture: Blob) {
  const moue = await Moue.create({ purpose: "self-reflection" });
  try {
    return [await element!.analyze(picture), await moue.analyze(picture)];
  } catch (error) {
    return (error as MoueError).code;
  } finally {
    moue.close();
  }
}

/** Not called: its types are looked at. */
function others(iframe: HTMLIFrameElement) {
  const frame = connect(iframe, { fit: false });
  frame.addEventListener("export", (event) => console.log(event.detail.text.length));
  try {
    const actor = { account: { homePage: "https://school.example", name: "7f3a" } };
    return sendStatements(frame, { endpoint: "https://lrs.example/xapi/", actor, activity: { id: "https://school.example/mirror" } });
  } catch (error) {
    return error instanceof XapiOptionError ? error.code : null;
  }
}

Object.assign(globalThis, { readBoth, others, version });
