import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Mirror } from "./Mirror";

const root = document.querySelector("#root");
if (root) createRoot(root).render(<StrictMode><Mirror /></StrictMode>);
