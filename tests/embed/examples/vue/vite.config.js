import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [
    vue({
      // Else Vue looks for a component of its own with this name.
      template: { compilerOptions: { isCustomElement: (tag) => tag === "moue-face" } },
    }),
  ],
});
