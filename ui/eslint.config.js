/** What the page's code may not do; the house rules that a linter can see. */
import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

import svelteConfig from "./svelte.config.js";

export default ts.config(
    { ignores: ["dist/", "node_modules/", "src/host/generated/"] },
    js.configs.recommended,
    ...ts.configs.strict,
    ...svelte.configs.recommended,
    {
        languageOptions: { globals: { ...globals.browser, ...globals.node } },
        rules: {
            "@typescript-eslint/no-explicit-any": "error",
            "@typescript-eslint/no-non-null-assertion": "error",
            "no-restricted-imports": [
                "error",
                {
                    patterns: [
                        { group: ["@tauri-apps/*"], message: "only host/tauri.ts knows Tauri" },
                    ],
                },
            ],
            "svelte/require-each-key": "error",
            "svelte/no-navigation-without-resolve": "off",
            "svelte/prefer-svelte-reactivity": "off",
            "max-lines": ["error", 600],
        },
    },
    {
        files: ["**/*.svelte", "**/*.svelte.ts"],
        languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    },
    { files: ["**/*.svelte"], rules: { "max-lines": ["error", 300] } },
    { files: ["src/host/tauri.ts"], rules: { "no-restricted-imports": "off" } },
);
