/** What is picked is what stands in the box, however late its options come. */
import { cleanup, render, screen } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, expect, it } from "vitest";

import Combobox from "./Combobox.svelte";
import type { Option } from "./options";

/** Searches that are answered when the test says so. */
function slow(): {
    search: (typed: string) => Promise<readonly Option[]>;
    answers: (typed: string) => Promise<void>;
} {
    const open = new Map<string, (options: readonly Option[]) => void>();
    return {
        search: (typed) => new Promise((done) => open.set(typed, done)),
        answers: async (typed) => {
            open.get(typed)?.([{ id: typed, text: `xã ${typed}` }]);
            await settle();
        },
    };
}

async function settle(): Promise<void> {
    for (let turn = 0; turn < 6; turn++) {
        await Promise.resolve();
        await tick();
    }
}

async function types(text: string): Promise<void> {
    const box = screen.getByRole<HTMLInputElement>("combobox");
    box.focus();
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    await settle();
}

async function press(key: string): Promise<void> {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    screen.getByRole("combobox").dispatchEvent(event);
    await settle();
}

afterEach(cleanup);

/** A box whose last letters have not been answered yet; says what was picked. */
async function behind(): Promise<{ picked: string[]; answers: (typed: string) => Promise<void> }> {
    const { search, answers } = slow();
    const picked: string[] = [];
    render(Combobox, { value: "", search, onpick: ({ id }) => picked.push(id) });
    await types("bình");
    await answers("bình");
    await types("bình an");
    return { picked, answers };
}

it("waits for the options of the last letter before Enter picks", async () => {
    const { picked, answers } = await behind();
    await press("Enter");
    expect(picked).toEqual([]);
    await answers("bình an");
    expect(picked).toEqual(["bình an"]);
});

it("picks nothing for who has gone on, and takes the one that was typed", async () => {
    const { picked, answers } = await behind();
    screen.getByRole("combobox").blur();
    await answers("bình an");
    expect(picked).toEqual([]);
    await types("an");
    await answers("an");
    screen.getByRole("combobox").blur();
    expect(picked).toEqual(["an"]);
});
