/** How an agency stands in the list, and what a new recipient begins with. */
import { expect, it } from "vitest";

import type { AgencyFound } from "../../host/generated/contract";
import { addresseeOf, optionOf } from "./addressees";

const AGENCY: AgencyFound = {
    agency: "a1",
    name: "UBND xã Hà Thượng",
    code: "H50.99.34",
    parent: "UBND tỉnh Hiếu Sơn",
    on_exchange: true,
    ended: null,
    takes: true,
    heirs: [],
};

it("says in the list why an agency cannot be chosen", () => {
    expect(optionOf(AGENCY)).toEqual({
        id: "a1",
        text: "UBND xã Hà Thượng",
        note: "H50.99.34 · UBND tỉnh Hiếu Sơn",
    });
    expect(optionOf({ ...AGENCY, ended: "2025-06-30" }).hint).toBe("đã kết thúc ngày 30/06/2025");
    expect(optionOf({ ...AGENCY, on_exchange: false }).hint).toBe("chưa có trên liên thông");
});

it("gives a new recipient what the one before it got", () => {
    const first = addresseeOf(AGENCY, undefined, "2026-11-20");
    expect([first.purpose, first.due]).toEqual(["để thực hiện", "2026-11-20"]);
    const second = addresseeOf(AGENCY, { ...first, purpose: "để biết", due: "" }, "2026-11-20");
    expect([second.purpose, second.due]).toEqual(["để biết", ""]);
});
