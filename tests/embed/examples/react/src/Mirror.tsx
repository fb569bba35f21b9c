import { useState } from "react";
import "moue-face";
import type {} from "moue-face/react";

export function Mirror() {
  const [look, setLook] = useState("nothing");
  return (
    <>
      <moue-face
        purpose="self-reflection"
        lang="en"
        maxFaces={1}
        onexpression={({ detail }) => setLook(detail.faces[0]?.expression ?? "unsure")}
        onerror={({ detail }) => console.warn(detail.code, detail.message)}
      />
      <p>This page was told: <output id="look">{look}</output></p>
    </>
  );
}
