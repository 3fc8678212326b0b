/** What the page remembers of the line. */
import { expect, test } from "vitest";

import type { SendingRow } from "../host/generated/contract";
import { LineWatch } from "./line.svelte";

function row(id: string): SendingRow {
    return {
        id,
        act: "incoming.register",
        of: `số đến ${id}`,
        urgency: "normal",
        thing: null,
        by: "Phan Thị Mỹ Lệ",
        at: 0,
        stand: "waits",
        why: null,
        may_redo: false,
    };
}

test("a gap lasts from the first moment without a line to the first with one", () => {
    const watch = new LineWatch();
    watch.goes("met", 1);
    expect(watch.gap).toBeNull();
    watch.goes("no_line", 10);
    watch.goes("no_line", 20);
    watch.goes("waiting", 25);
    watch.goes("talking", 30);
    expect(watch.gap).toEqual({ from: 10, to: 30 });
    watch.goes("met", 40);
    expect(watch.gap).toEqual({ from: 10, to: 30 });
});

test("what waited and does so no more has gone up, the newest first", () => {
    const watch = new LineWatch();
    watch.waits([row("1"), row("2"), row("3")], 5);
    expect(watch.sent).toEqual([]);
    watch.waits([row("3")], 6);
    expect(watch.sent.map(({ row: { id }, at }) => [id, at])).toEqual([
        ["2", 6],
        ["1", 6],
    ]);
    watch.forget();
    expect(watch.sent).toEqual([]);
});
