import { defineConfig } from "vite";

export default defineConfig({
  // moue finds its files beside its own module, so it is not to be bundled in advance.
  optimizeDeps: { exclude: ["moue-face"] },
});
