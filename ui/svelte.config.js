/** Tells svelte-check and the build how components are compiled: runes everywhere. */
import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

export default {
    preprocess: vitePreprocess(),
    compilerOptions: { runes: true },
};
