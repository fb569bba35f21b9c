/**
 * `<moue-face>` in React's JSX: `import type {} from "moue-face/react";` beside `import "moue-face";`.
 * React 19 sets properties and listens to events whose prop is `on` and the event's name, as in
 * `onexpression`; with older versions add listeners through a `ref`.
 */
import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { MoueFaceElement, MoueFaceEventMap } from "./embed.js";

type Handlers = { [Name in keyof MoueFaceEventMap as `on${Name}`]?: (event: MoueFaceEventMap[Name]) => void };
type Own = "purpose" | "legalBasis" | "mode" | "engine" | "maxFaces" | "smoothing" | "mirror" | "private" | "modelBase";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "moue-face": DetailedHTMLProps<HTMLAttributes<MoueFaceElement>, MoueFaceElement> & Partial<Pick<MoueFaceElement, Own>> & Handlers;
    }
  }
}
