import { sendStatements } from "./moue/xapi.js";

// Of a server of yours: a token that may write statements of this learner and nothing else.
const { endpoint, token, learner } = await (await fetch("session.json")).json();

sendStatements(document.querySelector("moue-face"), {
  endpoint,
  auth: `Bearer ${token}`,
  actor: { account: { homePage: "https://school.example", name: learner } },
  activity: { id: "https://school.example/activities/mirror", name: { en: "A mirror" } },
});
