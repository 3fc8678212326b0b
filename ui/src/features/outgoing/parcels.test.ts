/** What the row of a recipient says, and how its hours are written. */
import { describe, expect, it } from "vitest";

import type { ParcelRow, RecallShown } from "../../host/generated/contract";
import { addressWords, cellsOf, cellTime, rowWords } from "./parcels";

const TODAY = "2026-11-18";
const at = (text: string): number => Date.parse(`${text}:00+07:00`);

const SENT: ParcelRow = {
    id: "p",
    agency: "a",
    name: "Trạm Y tế xã",
    code: "H50.99.31.07",
    purpose: "để thực hiện",
    due: null,
    standing: "sent",
    reach: "server",
    files_left: 0,
    sent_at: at("2026-11-18T10:28"),
    arrived_at: null,
    fetched_at: null,
    answered_at: null,
    answered_by: "",
    number: "",
    refused: "",
    misaddressed: false,
    assigned_at: null,
    in_progress_at: null,
    done_at: null,
    chased: 0,
    chased_at: null,
    recall: null,
    lost: null,
    may_chase: true,
    may_recall: true,
};
const RECALL: RecallShown = {
    at: at("2026-11-18T14:00"),
    by: "Phan Thị Mỹ Lệ",
    reason: "sai số liệu",
    answered_at: null,
    agreed: false,
    by_itself: false,
    answered_by: "",
    answer: "",
    replaced_by: null,
};
const ARRIVED: ParcelRow = { ...SENT, standing: "arrived", arrived_at: at("2026-11-18T10:29") };
const ACCEPTED: ParcelRow = {
    ...ARRIVED,
    standing: "accepted",
    fetched_at: at("2026-11-18T10:30"),
    answered_at: at("2026-11-18T11:02"),
    number: "402",
};
const text = (row: ParcelRow): string => rowWords(row, TODAY).phrase.text;

describe("the hour of a receipt", () => {
    it("stands alone today, with its day before, with its year in another", () => {
        const of = (when: string): string[] => {
            const { hour, day } = cellTime("Đã gửi", at(when), TODAY);
            return [hour, day];
        };
        expect(of("2026-11-18T10:28")).toEqual(["10:28", ""]);
        expect(of("2026-11-17T23:59")).toEqual(["23:59", "17/11"]);
        expect(of("2025-12-31T08:05")).toEqual(["08:05", "31/12/2025"]);
    });
    it("is said in full for who hovers or hears it", () => {
        const { full, datetime } = cellTime("Đã gửi", at("2026-11-18T10:28"), TODAY);
        expect(full).toBe("Đã gửi ngày 18/11/2026 lúc 10:28");
        expect(datetime).toBe("2026-11-18T03:28:00.000Z");
    });
});

describe("the steps of a row", () => {
    const kinds = (row: ParcelRow): string[] => cellsOf(row, TODAY).map(({ kind }) => kind);
    it("wait while it is on this PC only", () => {
        expect(kinds({ ...SENT, reach: "here" })[0]).toBe("waits");
        expect(kinds(SENT)).toEqual(["time", "none", "none", "none", "none"]);
    });
    it("keep their hours when a reminder is still on this PC", () => {
        expect(kinds({ ...ARRIVED, reach: "here" })[0]).toBe("time");
    });
    it("show a refusal where the acceptance would stand", () => {
        const row: ParcelRow = {
            ...ARRIVED,
            standing: "refused",
            answered_at: at("2026-11-18T11:15"),
            refused: "Đề nghị gửi nơi khác.",
        };
        expect(kinds(row)).toEqual(["time", "time", "bad", "none", "none"]);
    });
    it("show that it cannot arrive", () => {
        expect(kinds({ ...SENT, standing: "undeliverable", lost: "no_such_agency" })[1]).toBe(
            "bad",
        );
    });
});

describe("the words of a row", () => {
    it("follow it on its way", () => {
        expect(text({ ...SENT, reach: "here" })).toBe("Trên máy này, tự gửi khi có mạng");
        expect(text(SENT)).toBe("Đã tới máy chủ, chưa tới nơi nhận");
        expect(text(ARRIVED)).toBe("Đã tới nơi nhận, nơi nhận chưa mở máy");
        expect(text({ ...ARRIVED, fetched_at: at("2026-11-18T10:30") })).toBe(
            "Nơi nhận đã có, chưa tiếp nhận",
        );
    });
    it("tell a wait for its own files from a recipient that was not reached", () => {
        const files = { ...SENT, files_left: 2 };
        expect(text(files)).toBe("Chờ 2 tệp của văn bản gửi lên máy chủ");
        expect(rowWords(files, TODAY).notes[0]).toMatch(/máy này cần mở/);
        expect(rowWords(SENT, TODAY).notes[0]).toMatch(/Máy chủ tự gửi lại/);
        expect(text({ ...files, reach: "here" })).toBe("Trên máy này, tự gửi khi có mạng");
    });
    it("follow it at the recipient", () => {
        expect(text(ACCEPTED)).toBe("Đã tiếp nhận, số đến 402");
        expect(text({ ...ACCEPTED, number: "" })).toBe("Đã tiếp nhận, chờ cấp số đến");
        expect(text({ ...ACCEPTED, standing: "assigned" })).toBe("Đã phân công");
        expect(text({ ...ACCEPTED, standing: "in_progress" })).toBe("Đang xử lý");
        expect(text({ ...ACCEPTED, standing: "done" })).toBe("Hoàn thành");
    });
    it("give a refusal with its hour and the reason in quotes", () => {
        const row: ParcelRow = {
            ...ARRIVED,
            standing: "refused",
            answered_at: at("2026-11-18T11:15"),
            refused: "Đề nghị gửi Hợp tác xã Tân Mỹ 2.",
            misaddressed: true,
            answered_by: "Đỗ Văn Tám",
        };
        const { phrase, notes, strong } = rowWords(row, TODAY);
        expect(phrase.text).toBe("Từ chối lúc 11:15: gửi nhầm nơi nhận");
        expect(notes).toEqual(["“Đề nghị gửi Hợp tác xã Tân Mỹ 2.” Đỗ Văn Tám"]);
        expect(strong).toBe(true);
    });
    it("say what cannot arrive, also for a code met for the first time", () => {
        const lost = (code: string): ParcelRow => ({
            ...SENT,
            standing: "undeliverable",
            lost: code,
        });
        expect(text(lost("no_such_agency"))).toBe("Không gửi đến được");
        expect(rowWords(lost("new_code"), TODAY).notes[0]).toBe("Gửi giấy, hoặc gửi lại nơi khác.");
    });
    it("follow a recall", () => {
        const asked: ParcelRow = { ...ACCEPTED, standing: "recall_asked", recall: RECALL };
        expect(text(asked)).toBe("Đã đề nghị thu hồi, chờ nơi nhận trả lời");
        const by_draft = {
            reference: "",
            dated: null,
            subject: "Mời họp",
            direction: "outgoing" as const,
            document: "d",
            card: null,
        };
        const named = { ...asked, recall: { ...RECALL, replaced_by: by_draft } };
        expect(rowWords(named, TODAY).notes).toEqual([
            "Lý do thu hồi: sai số liệu",
            "Được thay thế bằng dự thảo đang soạn",
        ]);
        const answered = { ...RECALL, answered_at: at("2026-11-18T15:00"), agreed: true };
        const itself = { ...answered, by_itself: true };
        expect(text({ ...ARRIVED, standing: "recalled", recall: itself })).toMatch(
            /không phải hỏi/,
        );
        const by = { ...answered, answered_by: "Lò Thị Ánh" };
        expect(text({ ...ACCEPTED, standing: "recalled", recall: by })).toBe(
            "Đã thu hồi, Lò Thị Ánh đồng ý lúc 15:00 hôm nay",
        );
        const refused = { ...by, agreed: false, answer: "đã triển khai" };
        const said = rowWords({ ...ACCEPTED, recall: refused }, TODAY);
        expect(said.phrase.text).toBe("Đã tiếp nhận, số đến 402");
        expect(said.notes).toEqual(["Lò Thị Ánh không đồng ý thu hồi: “đã triển khai”"]);
    });
    it("count reminders, and what is still on this PC", () => {
        const row: ParcelRow = { ...ARRIVED, chased: 2, chased_at: at("2026-11-17T09:00") };
        expect(rowWords(row, TODAY).notes).toEqual(["Đã nhắc 2 lần, lần cuối 09:00 hôm qua"]);
        expect(rowWords({ ...ARRIVED, reach: "here" }, TODAY).notes[0]).toMatch(/trên máy này/);
    });
});

it("says under the name what it is for and until when", () => {
    expect(addressWords({ ...SENT, due: "2026-11-20" }, TODAY)).toBe(
        "H50.99.31.07 · để thực hiện · hạn\u00a020/11",
    );
});
