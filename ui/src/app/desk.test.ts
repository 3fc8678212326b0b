/** What the host says no to is shown, also where nobody waited for it. */
import { expect, test } from "vitest";

import { type Carrier, type Failure, HostFailure } from "../host/host";
import { Desk } from "./desk.svelte";

const BROKEN: Failure = {
    code: "fault",
    what: "Không đọc được sổ.",
    safe: "",
    todo: "",
    field: null,
};

function desk(): Desk {
    const stop = (): void => undefined;
    const carrier: Carrier = {
        kind: "fake",
        ask: () => Promise.resolve({}),
        tell: () => stop,
        pageUrl: (blob) => blob,
        choose: () => Promise.resolve([]),
        chooseFolder: () => Promise.resolve(null),
        showFolder: () => Promise.resolve(false),
        onDrop: () => stop,
        restart: () => Promise.resolve(false),
        painted: stop,
    };
    return new Desk(carrier);
}

/** A promise that nobody waits for is rejected. */
function isLost(reason: unknown): Event {
    const event = new Event("unhandledrejection", { cancelable: true });
    dispatchEvent(Object.assign(event, { reason }));
    return event;
}

test("what the host says no to is shown where nobody waited for the answer", () => {
    const one = desk();
    const stop = one.hearUnheard();
    expect(isLost(new HostFailure(BROKEN)).defaultPrevented).toBe(true);
    expect(one.trouble).toEqual(BROKEN);
    stop();
});

test("a fault of the page itself is left to the page's log", () => {
    const one = desk();
    const stop = one.hearUnheard();
    expect(isLost(new Error("not of the host")).defaultPrevented).toBe(false);
    stop();
    isLost(new HostFailure(BROKEN));
    expect(one.trouble).toBeNull();
});
