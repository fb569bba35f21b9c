import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [svelte()],
  // moue finds its files beside its own module, so it is not to be bundled in advance.
  optimizeDeps: { exclude: ["moue-face"] },
});
