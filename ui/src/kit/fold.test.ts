/** Marks are optional when people search for a name. */
import { expect, it } from "vitest";

import { answers, fold, pieces } from "./fold";

it("folds đ, which Unicode does not take apart", () => {
    expect(fold("Đỗ Hữu  Nghĩa")).toBe("do huu nghia");
    expect(fold("Đỗ".normalize("NFD"))).toBe("do");
});

it("finds a name by the beginnings of its words", () => {
    expect(answers("Trương Thị Thuỳ Trang", "thuy tr")).toBe(true);
    expect(answers("Phòng Văn hoá – Xã hội", "xa")).toBe(true);
    expect(answers("Lê Quang Thạch", "dat")).toBe(false);
});

it("shows which letters were meant", () => {
    const hit = pieces("Công trình thuỷ lợi nhỏ", "thuy loi").filter((piece) => piece.hit);
    expect(hit.map((piece) => piece.text)).toEqual(["thuỷ", "lợi"]);
});
