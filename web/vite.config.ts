import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  // Relative to the base element of index.html, into which the server writes the path that it is reached beneath.
  base: "./",
  // Nothing becomes a data: URL, so that the server's Content-Security-Policy can stay strict.
  build: { assetsInlineLimit: 0, target: "es2022" },
  // The repository's root: a test holds the reason codes against the server's source.
  server: { proxy: { "/api": "http://127.0.0.1:8190" }, fs: { allow: [".."] } },
  test: {
    environment: "jsdom",
    environmentOptions: { jsdom: { url: "http://vitrine.test/" } },
    setupFiles: "src/testing/setup.ts",
    restoreMocks: true,
    // One document for all files of a worker: each test takes away what it rendered, and a new one for each file took five times what the tests take.
    isolate: false,
  },
});
