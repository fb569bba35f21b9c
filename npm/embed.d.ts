/**
 * moue: facial expressions, read on the visitor's own device.
 *
 * `import "moue-face"` defines `<moue-face>`; {@link Moue} reads pictures without an element. A
 * reading says what a face *looks like* to a network, which is often wrong, and never what somebody
 * feels.
 */

/** The version of this package. */
export const version: string;

/** What expressions are read for. The last two are prohibited in the European Union unless an exception of Regulation (EU) 2024/1689, article 5(1)(f), holds: see {@link LegalBasis}. */
export type Purpose =
  | "self-reflection"
  | "practice"
  | "accessibility"
  | "research"
  | "ux-study"
  | "game"
  | "education-institution"
  | "workplace";

/** What the host declares where a purpose is prohibited otherwise. Nothing checks it. */
export type LegalBasis = "medical" | "safety" | "outside-eu";

/** What the element shows: the camera, a picture that the person chooses, or nothing at all. */
export type Mode = "camera" | "image" | "headless";

/** What computes: the processor, and a graphics card where that is faster; WebGPU alone; the processor alone. */
export type Engine = "auto" | "webgpu" | "cpu";

/** The seven expressions. */
export type Expression = "anger" | "disgust" | "fear" | "happy" | "sad" | "surprise" | "neutral";

/** Why a picture shows too little of a face to name an expression. */
export type Problem = "too-small" | "too-dark" | "too-bright" | "low-contrast" | "blurred" | "turned-away" | "tilted";

/** A face in a picture. */
export interface Face {
  /** From 1; in a camera's stream the same for as long as the face is followed. */
  number: number;
  /** Where it is, in pixels of the picture as read, from its top left corner. */
  box: { x: number; y: number; width: number; height: number };
  /** The detector's probability that this is a face, 0 to 1; 1 where the person drew the box. */
  score: number;
  /** Whether the person drew the box, because the detector had missed the face. */
  added: boolean;
  /** What it looks like; `null` is unsure. */
  expression: Expression | null;
  /** 0 to 1 for each expression and for `other`, what is none of them; they sum to 1. */
  probabilities: Record<Expression | "other", number>;
  /** Why no expression should be named, or `null`. */
  problem: Problem | null;
}

/** A picture that was read. */
export interface Reading {
  /** Its faces: of a stream in the order of their numbers, of a picture from left to right. */
  faces: Face[];
  /** Pixels across of the picture as read. */
  width: number;
  /** Pixels down. */
  height: number;
  /** When a stream's frame was taken, in seconds since the stream began; `null` for a picture. */
  seconds: number | null;
}

/** What can be read. Of a `Blob`: PNG, JPEG, WebP, GIF or BMP. */
export type Source = Blob | HTMLImageElement | HTMLVideoElement | HTMLCanvasElement | OffscreenCanvas | ImageData | ImageBitmap;

/** What promises reject with and what `error` events carry. */
export interface MoueError extends Error {
  /** A stable name, such as `program`, `no-worker`, `model-download`, `purpose-missing`, `closed`; docs/embedding.md has the list. */
  code: string;
}

/** What {@link Moue.create} takes. */
export interface MoueOptions {
  /** What expressions are read for. */
  purpose: Purpose;
  /** Needed where the purpose is prohibited otherwise. */
  legalBasis?: LegalBasis;
  /** What computes; "auto" unless told. */
  engine?: Engine;
  /** Of more faces only so many, the largest, are read: 1 to 64, which it is unless told. */
  maxFaces?: number;
  /** The folder of another model: an address, relative to the document, below which `manifest.json` lies. */
  modelBase?: string;
}

/** Reads pictures without an element. */
export class Moue {
  private constructor();
  /** Fetches program and model and starts an engine; rejects with a {@link MoueError}. */
  static create(options: MoueOptions): Promise<Moue>;
  /** Reads a picture. */
  analyze(source: Source): Promise<Reading>;
  /** Ends the engine, unless others use it, and frees everything. What is being read is rejected with the code `closed`. */
  close(): void;
}

/** `<moue-face>`. Every property but `lang` reflects the attribute of the same name (`max-faces`, `model-base`, `legal-basis`); `null` removes it. */
export interface MoueFaceElement extends HTMLElement {
  /** What expressions are read for; nothing starts without it. */
  purpose: Purpose | null;
  /** Needed where the purpose is prohibited otherwise. */
  legalBasis: LegalBasis | null;
  /** What the element shows. */
  mode: Mode | null;
  /** What computes. */
  engine: Engine | null;
  /** Of more faces only so many, the largest, are read: 1 to 64. */
  maxFaces: number | null;
  /** The half-life of a camera's numbers, in seconds: 0 to 10. `null` is what is usual. */
  smoothing: number | null;
  /** Whether the camera is shown like a mirror; "auto" and `null` decide by camera. */
  mirror: boolean | "auto" | null;
  /**
   * Whether the answer to the question for consent is forgotten with the element, and nobody is asked to share
   * readings with this page, which then hears of no face.
   */
  private: boolean;
  /** The folder of another model: an address, relative to the document, below which `manifest.json` lies. A change closes the element. */
  modelBase: string | null;

  /** Fetches what is needed, then asks the person for the camera, or for a picture. */
  start(): Promise<void>;
  /** Stops the camera at once. The engine stays. */
  stop(): void;
  /** Reads a picture that the host hands over. The element has to be in the document. */
  analyze(source: Source): Promise<Reading>;
  /** What was read of the last camera stream while the person shared it, as text; throws a {@link MoueError} where there is none. Columns and units: docs/export.md. */
  exportData(format?: "json" | "csv"): string;
  /** Stops the camera, ends the engine unless others use it, and frees everything; nothing is told afterwards. `start()` and `analyze()` begin anew. Removing the element does the same. */
  close(): void;

  addEventListener<K extends keyof AllEvents>(
    type: K,
    listener: (this: MoueFaceElement, event: AllEvents[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof AllEvents>(
    type: K,
    listener: (this: MoueFaceElement, event: AllEvents[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

/** What computes. */
export interface EngineFacts {
  /** "webgpu" or "cpu". */
  engine: "webgpu" | "cpu";
  /** The graphics adapter's name, or why the processor computes. */
  adapter: string;
  /** The model's name. */
  model: string;
  /** The sha256 of its weights, in hexadecimal. */
  modelSha256: string;
}

/** The events of `<moue-face>`. All cross shadow roots, and all but `error` bubble. */
export interface MoueFaceEventMap {
  /** The engine is there. */
  ready: CustomEvent<EngineFacts>;
  /** What the person agreed to: the camera, and that this page learns what it shows. */
  consent: CustomEvent<{ camera: boolean; shared: boolean }>;
  /** A frame was read. Comes only where the person agreed to share it. */
  expression: CustomEvent<Reading>;
  /** A face is gone. */
  "face-lost": CustomEvent<{ number: number }>;
  /** Another engine computes: the processor reads first, and WebGPU takes over where it is faster. */
  "engine-change": CustomEvent<EngineFacts>;
  /** The graphics device went away; the processor takes its place. */
  "device-lost": CustomEvent<{ code: string; message: string }>;
  /** Something failed; the sentence names the remedy. Does not bubble. */
  error: CustomEvent<{ code: string; message: string }>;
}

type AllEvents = Omit<HTMLElementEventMap, keyof MoueFaceEventMap> & MoueFaceEventMap;

declare global {
  interface HTMLElementTagNameMap {
    "moue-face": MoueFaceElement;
  }
}
