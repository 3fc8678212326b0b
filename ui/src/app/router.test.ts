/** The place a person stands at follows his keys at once, whatever a list does meanwhile. */
import { afterEach, beforeEach, expect, it } from "vitest";

import { Router } from "./router.svelte";

let router: Router;
let stop: () => void;
let moved: string[];

beforeEach(() => {
    history.replaceState(null, "", "#/incoming");
    moved = [];
    router = new Router(({ screen, id }) => moved.push(`${screen}/${id ?? ""}`));
    stop = router.start(null);
});
afterEach(() => stop());

const heard = (): Promise<void> => new Promise((done) => setTimeout(done, 20));

it("goes at once, so that a row that was lit in that moment does not lead back", async () => {
    router.go("tray", "new");
    expect([router.place.screen, router.place.id]).toEqual(["tray", "new"]);
    // The list that was left has its rows now, and lights the first one.
    router.settle({ ask: {} });
    await heard();
    expect(location.hash).toBe("#/tray/new");
    expect(router.place.screen).toBe("tray");
});

it("is told of once, and leads back by the way it came", async () => {
    router.go("outgoing", "a1");
    await heard();
    expect(moved).toEqual(["incoming/", "outgoing/a1"]);
    history.back();
    await heard();
    expect(router.place.screen).toBe("incoming");
});

it("does not go where it is", async () => {
    const steps = history.length;
    router.go("incoming");
    await heard();
    expect([history.length, moved]).toEqual([steps, ["incoming/"]]);
});
