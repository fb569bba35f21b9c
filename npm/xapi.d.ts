/** Sends xAPI 1.0.3 statements about the use of `<moue-face>` to a learning record store. docs/e-learning.md says what the law has to do with that. */

/** What may stand as `legalBasis`. */
export const LEGAL_BASES: readonly ["medical", "safety", "outside-eu", "not-work-or-education"];

/** The key of a summary in `result.extensions`. */
export const SUMMARY_KEY: string;

/** Options that cannot be used. */
export class XapiOptionError extends TypeError {
  /** Which option, as docs/e-learning.md lists them. */
  code: string;
}

/** What {@link sendStatements} takes. */
export interface XapiOptions {
  /** The record store, to which `statements` is added; https:, or http: on this device. */
  endpoint: string;
  /** The `Authorization` header. Whoever opens the page can read it: give a token that may only write. */
  auth?: string;
  /** Other headers instead. */
  headers?: Record<string, string>;
  /** A name that says nothing to others. */
  actor: { account: { homePage: string; name: string } };
  /** `id` is an IRI of yours. */
  activity: { id: string; name?: string | Record<string, string>; type?: string };
  /** Of the session, such as "en". */
  language?: string;
  /** Whether it tells, at the end, how the time was shared among the expressions: only what the person agreed to share. */
  summaries?: boolean;
  /** Needed for summaries. */
  legalBasis?: (typeof LEGAL_BASES)[number];
  /** What could not be sent; by default a warning in the console. */
  onError?: (error: Error & { code: "lrs-refused" | "lrs-rejected" | "lrs-unreachable" }) => void;
  /** Waits between the tries to send one statement, in seconds. */
  waitSecs?: number[];
}

/** Sends `initialized` when `element` is ready and `terminated` at the end. Throws {@link XapiOptionError}. */
export function sendStatements(element: EventTarget, options: XapiOptions): { end(): Promise<{ unsent: object[] }> };
