// For pages that show moue's frame (embed.html): says hello to it, makes it as high as what is in it,
// and gives an object with the methods and events of <moue-face>. docs/embedding.md has the rest.

const VERSION = 1;

/** Talks with the frame in `iframe`, which has its address. `fit: false` leaves its height alone. */
export function connect(iframe, { fit = true } = {}) {
  return new MoueFrame(iframe, fit);
}

class MoueFrame extends EventTarget {
  #iframe;
  #origin;
  #fit;

  constructor(iframe, fit) {
    super();
    this.#iframe = iframe;
    // Without an address nobody could be told from others, and nothing would ever be heard.
    if (!/^https?:/.test(iframe.src)) {
      const message = "This iframe has no address yet. Set its src to that of embed.html first, then call connect().";
      throw Object.assign(new Error(message), { code: "frame-without-src" });
    }
    this.#origin = new URL(iframe.src).origin;
    this.#fit = fit;
    addEventListener("message", this.#hear);
    iframe.addEventListener("load", this.#hello);
    // The frame may have loaded before this. Until this page has, nobody can tell, so it is asked then too.
    if (document.readyState === "complete") this.#hello();
    else addEventListener("load", this.#hello);
  }

  start() {
    this.#say("start");
  }

  stop() {
    this.#say("stop");
  }

  /** Asks for what was recorded, "json" (unless told) or "csv"; the event "export" brings it, if the person shares it. */
  exportData(format) {
    this.#say("export", { format });
  }

  /** Ends what runs in the frame, and listens no longer. */
  close() {
    this.#say("close");
    removeEventListener("message", this.#hear);
    this.#iframe.removeEventListener("load", this.#hello);
    removeEventListener("load", this.#hello);
  }

  #hello = () => {
    // Still the empty document that every frame begins with, which browsers would complain about.
    if (this.#iframe.contentDocument?.URL !== "about:blank") this.#say("hello");
  };

  #say(type, more) {
    this.#iframe.contentWindow?.postMessage({ ...more, moue: VERSION, type }, this.#origin);
  }

  #hear = ({ source, origin, data }) => {
    if (source !== this.#iframe.contentWindow || origin !== this.#origin || data?.moue !== VERSION) return;
    const { moue, type, ...detail } = data;
    if (type === "size" && this.#fit) this.#iframe.style.height = `${detail.height}px`;
    this.dispatchEvent(new CustomEvent(type, { detail }));
  };
}
