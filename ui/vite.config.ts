/** How the page is built: one bundle, every font, worker and decoder inside it, nothing inline. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** The folders of pdf.js that it loads by name while it draws. */
const PDF_FOLDERS = ["wasm", "cmaps", "standard_fonts", "iccs"];

/** Ships the decoders, character maps and fonts of pdf.js beside the page. */
function pdfFiles(): Plugin {
    const root = resolve(import.meta.dirname, "node_modules/pdfjs-dist");
    return {
        name: "pdf-files",
        apply: "build",
        generateBundle() {
            for (const folder of PDF_FOLDERS) {
                for (const name of readdirSync(join(root, folder))) {
                    this.emitFile({
                        type: "asset",
                        fileName: `pdf/${folder}/${name}`,
                        source: readFileSync(join(root, folder, name)),
                    });
                }
            }
        },
    };
}

export default defineConfig(({ mode }) => ({
    base: "./",
    plugins: [svelte(), pdfFiles()],
    // In a build the usual conditions stand; an empty list would take the page for a server's.
    ...(mode === "test" ? { resolve: { conditions: ["browser"] } } : {}),
    build: {
        target: ["chrome105", "safari16"],
        outDir: "dist",
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        chunkSizeWarningLimit: 2000,
    },
    test: { environment: "jsdom", include: ["src/**/*.test.ts"] },
}));
