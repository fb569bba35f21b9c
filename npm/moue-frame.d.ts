/** For pages that show moue's frame, embed.html. docs/embedding.md has the rest. */
import type { MoueFaceEventMap } from "./embed.js";

/** The events of `<moue-face>` that a frame carries on, and its own. */
export interface MoueFrameEventMap extends Pick<MoueFaceEventMap, "consent" | "expression" | "face-lost" | "error"> {
  ready: CustomEvent<{ engine: "webgpu" | "cpu" }>;
  /** Another engine computes. */
  "engine-change": CustomEvent<{ engine: "webgpu" | "cpu" }>;
  /** What was recorded. */
  export: CustomEvent<{ format: "json" | "csv"; text: string }>;
  /** How high what is in the frame is, in CSS pixels. */
  size: CustomEvent<{ height: number }>;
}

/** Talks with a frame. */
export interface MoueFrame extends EventTarget {
  start(): void;
  stop(): void;
  /** Asks for what was recorded, "json" unless told; the event `export` brings it, if the person shares it. */
  exportData(format?: "json" | "csv"): void;
  /** Ends what runs in the frame, and listens no longer. */
  close(): void;
  addEventListener<K extends keyof MoueFrameEventMap>(
    type: K,
    listener: (event: MoueFrameEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
}

/** Says hello to the frame in `iframe`, and makes it as high as what is in it unless `fit` is false. Throws an error with the code `frame-without-src` where the iframe has no address yet. */
export function connect(iframe: HTMLIFrameElement, options?: { fit?: boolean }): MoueFrame;
