/** What the foot says while something is on its way: never without a number. */
import { expect, test } from "vitest";

import type { LineMeeting, LineShort } from "../host/generated/contract";
import { footLine } from "./footLine";

const TODAY = "2026-11-20";

function short(meeting: LineMeeting, change: Partial<LineShort> = {}): LineShort {
    return {
        membership: "joined",
        meeting,
        since: 0,
        met_at: 0,
        unanswered: 0,
        to_look_at: 0,
        up: null,
        down: null,
        trouble: "",
        ...change,
    };
}

function said(line: LineShort): string {
    const foot = footLine(line, null, TODAY);
    return foot === null ? "" : `${foot.lead} ${foot.rest}`;
}

test("acts on their way are counted, and the time that is left", () => {
    const up = { done: 9, total: 14, seconds_left: 130 };
    expect(said(short("talking", { up }))).toContain("Đã gửi 9/14 việc, còn khoảng 3 phút.");
});

test("the first copy is counted, and what is left of it when the line is cut", () => {
    const down = { done: 38, total: 112, seconds_left: null };
    expect(said(short("talking", { down }))).toContain("Đang nhận 38/112 mục.");
    for (const meeting of ["no_line", "off", "waiting"] as const) {
        expect(said(short(meeting, { down }))).toContain("Còn 74 mục chưa nhận.");
    }
});

test("an agency on its way to its server says how far it is, up and back", () => {
    const membership = "adopting";
    const up = { done: 600, total: 6300, seconds_left: null };
    const down = { done: 512, total: 6300, seconds_left: null };
    const text = "Đang đưa sổ lên máy chủ.";
    expect(said(short("talking", { membership, up }))).toBe(`${text} Đã gửi 600/6.300 việc.`);
    expect(said(short("talking", { membership, down }))).toBe(`${text} Đang nhận 512/6.300 mục.`);
});

test("what is wrong is said in one sentence beside what waits", () => {
    const trouble = "Máy chủ trả lời lạ.";
    const line = short("trouble", { trouble, unanswered: 3 });
    expect(said(line)).toBe(`${trouble} 3 việc chờ gửi, đã lưu trên máy này.`);
});
