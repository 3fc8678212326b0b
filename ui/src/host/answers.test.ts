/** Answers are kept, watched, and asked again when their topics are touched. */
import { cleanup, render, screen } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, expect, it } from "vitest";

import AnswerTest from "./AnswerTest.svelte";
import { Host } from "./answers.svelte";
import type { Carrier } from "./host";

const FALLBACK = { code: "", what: "", safe: "", todo: "", field: null };

/** A desk that answers a new day each time it is asked. */
function carrier(): { carrier: Carrier; asked: () => number } {
    let asked = 0;
    const stop = (): void => undefined;
    return {
        asked: () => asked,
        carrier: {
            kind: "fake",
            ask: () => Promise.resolve({ today: `day ${++asked}` }),
            tell: () => stop,
            pageUrl: (blob) => blob,
            choose: () => Promise.resolve([]),
            chooseFolder: () => Promise.resolve(null),
            showFolder: () => Promise.resolve(false),
            onDrop: () => stop,
            restart: () => Promise.resolve(false),
            painted: stop,
        },
    };
}

async function settle(): Promise<void> {
    for (let turn = 0; turn < 6; turn++) {
        await Promise.resolve();
        await tick();
    }
}

afterEach(cleanup);

it("draws an answer that was asked for inside a derived value", async () => {
    const host = new Host(carrier().carrier, FALLBACK);
    render(AnswerTest, { props: { host } });
    await settle();
    expect(screen.getByText("day 1")).toBeTruthy();
});

it("asks again only when a topic of the answer is touched", async () => {
    const desk = carrier();
    const host = new Host(desk.carrier, FALLBACK);
    render(AnswerTest, { props: { host } });
    await settle();
    host.touch(["tray"]);
    await settle();
    expect(desk.asked()).toBe(1);
    host.touch(["session"]);
    await settle();
    expect(screen.getByText("day 2")).toBeTruthy();
});
