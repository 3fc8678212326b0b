/** What of the directory is said in a few words. */
import { expect, it } from "vitest";

import type { EntryChange, EntryRow } from "../../host/generated/contract";
import { changesText, optionOf, standingText } from "./directory";

const row: EntryRow = {
    agency: "1",
    name: "UBND xã An Hiếu",
    code: "H50.99.01",
    parent: "tỉnh Hiếu Sơn",
    on_exchange: true,
    ended: null,
    heirs: [],
    waits: false,
};

it("says how an entry stands, and who came after one that ended", () => {
    expect(standingText(row)).toBe("Nhận văn bản qua mạng");
    expect(standingText({ ...row, on_exchange: false })).toBe("Chưa nhận qua mạng");
    const ended = { ...row, ended: "2026-06-30" };
    expect(standingText(ended)).toBe("Kết thúc 30/06/2026.");
    const heirs = ["UBND xã Bình An", "UBND xã Cát Sơn"];
    expect(standingText({ ...ended, heirs })).toBe(
        "Kết thúc 30/06/2026. Kế thừa: UBND xã Bình An; UBND xã Cát Sơn",
    );
});

it("says what was stated otherwise, field by field", () => {
    const change = (field: string, before: string, after: string): EntryChange => ({
        field,
        before,
        after,
    });
    const changes = [
        change("listed", "", ""),
        change("code", "H50.9", "H50.09"),
        change("unit", "", "01234"),
        change("ended", "30/06/2026", ""),
    ];
    expect(changesText(changes)).toBe(
        "thêm vào danh bạ · Mã định danh: H50.9 → H50.09 · " +
            "Số đơn vị hành chính: 01234 · Ngày kết thúc: bỏ 30/06/2026",
    );
});

it("tells two of one name apart, and says which has ended", () => {
    const option = { id: "1", text: "UBND xã An Hiếu", note: "H50.99.01 · tỉnh Hiếu Sơn" };
    expect(optionOf(row)).toEqual(option);
    const ended = { ...row, code: "", parent: "", ended: "2026-06-30" };
    expect(optionOf(ended)).toEqual({
        id: "1",
        text: "UBND xã An Hiếu",
        hint: "Kết thúc 30/06/2026.",
    });
});
