import { defineConfig } from "vite";

/* One entry per kind of page; django-vite reads dist/manifest.json (cityops/settings/base.py). */
export default defineConfig({
  base: "/static/",
  publicDir: "public",
  build: {
    manifest: "manifest.json",
    outDir: "dist",
    emptyOutDir: true,
    target: ["chrome109", "firefox115", "safari16"],
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: { input: ["workbench/main.js", "wall/main.js", "field/main.js", "field/worker.js"] },
  },
});
