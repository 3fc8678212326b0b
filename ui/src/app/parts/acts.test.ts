/** Sending over the line takes the place and the key of the post, where it is offered. */
import { expect, it } from "vitest";

import type { Action, DocumentOpened } from "../../host/generated/contract";
import type { Desk } from "../desk.svelte";
import { Acts } from "./acts.svelte";

function offered(actions: Action[], sent: [number, number]): string[] {
    const opened = { row: { id: "d", number: "1" }, actions, sent_to: sent };
    const acts = new Acts({} as Desk);
    return acts
        .of({ kind: "document", opened: opened as unknown as DocumentOpened })
        .map(({ label, keys }) => `${label} ${keys ?? ""}`.trim());
}

it("keeps the post on its key where there is no line", () => {
    expect(offered(["send", "void"], [0, 0])).toEqual(["Phát hành P", "Huỷ số"]);
});
it("lets the post step aside where a document can be sent over the line", () => {
    expect(offered(["issue", "send", "void"], [0, 0])).toEqual([
        "Phát hành P",
        "Huỷ số",
        "Phát hành giấy",
    ]);
});
it("leads to the recipients first once it was sent", () => {
    expect(offered(["issue", "parcels"], [2, 1])).toEqual([
        "Theo dõi nơi nhận N",
        "Thêm nơi nhận P",
    ]);
});
