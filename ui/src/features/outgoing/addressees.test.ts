/** How an agency stands in the list, and what a new recipient begins with. */
import { expect, it } from "vitest";

import type { AgencyFound, RecipientsTogether } from "../../host/generated/contract";
import {
    addresseeOf,
    barredOf,
    groupOf,
    optionOf,
    optionOfGroup,
    takenOf,
    withMore,
} from "./addressees";

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

const OTHER: AgencyFound = { ...AGENCY, agency: "a2", name: "UBND xã An Bình" };
const ENDED: AgencyFound = {
    ...AGENCY,
    agency: "a3",
    name: "UBND xã Cũ",
    ended: "2025-06-30",
    takes: false,
    heirs: [OTHER],
};
const GROUP: RecipientsTogether = {
    name: "Xã bạn",
    last: false,
    members: [AGENCY, OTHER, ENDED],
    unknown: 1,
};

it("offers groups beside agencies, and finds them again by their place", () => {
    const option = optionOfGroup(GROUP, 1);
    expect([option.text, option.hint]).toEqual(["Xã bạn", "nhóm, 3 nơi"]);
    expect(groupOf([{ ...GROUP, name: "Khác" }, GROUP], option.id)?.name).toBe("Xã bạn");
    expect(groupOf([GROUP], "a1")).toBeUndefined();
    const last = optionOfGroup({ ...GROUP, name: "12/UBND-VP", last: true }, 0);
    expect(last.text).toBe("Nơi nhận của 12/UBND-VP, cùng tên loại");
});

it("adds all of a group that can be sent to, and nobody twice", () => {
    const [first] = withMore([], [AGENCY], "");
    const to = withMore(first ? [{ ...first, purpose: "để biết" }] : [], [AGENCY, OTHER], "");
    expect(to.map(({ agency, purpose }) => [agency, purpose])).toEqual([
        ["a1", "để biết"],
        ["a2", "để biết"],
    ]);
});

it("says of a group who cannot be sent to, and who came after", () => {
    const barred = barredOf(GROUP.members, GROUP);
    expect(barred?.said).toBe("Đã chọn 2 nơi của nhóm Xã bạn. 1 nơi không còn trong danh bạ.");
    expect(barred?.rows.map(({ what }) => what)).toEqual([
        "UBND xã Cũ đã kết thúc hoạt động ngày 30/06/2025.",
    ]);
    expect(barred?.rows[0]?.heirs.map(({ name }) => name)).toEqual(["UBND xã An Bình"]);
    expect(barred && takenOf(barred, ENDED)?.rows).toEqual([]);
    expect(barredOf([AGENCY], undefined)).toBeNull();
    const alone = barredOf([ENDED], undefined);
    expect(alone && takenOf(alone, ENDED)).toBeNull();
});
