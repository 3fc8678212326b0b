/** The words between a document and what takes its place, and where each is opened. */
import { expect, it } from "vitest";

import type { Replacement } from "../../host/generated/contract";
import { addressOf, replacedWords, replacesWords } from "./replacing";

const SENT: Replacement = {
    reference: "12/UBND-VP",
    dated: "2026-11-18",
    subject: "Mời họp",
    direction: "outgoing",
    document: "d",
    card: null,
};
const CAME: Replacement = { ...SENT, direction: "incoming" };

it("calls a document by number and day", () => {
    expect(replacesWords(CAME)).toBe("Thay thế văn bản số 12/UBND-VP ngày 18/11/2026");
    expect(replacedWords(CAME)).toBe("Được thay thế bằng văn bản số 12/UBND-VP ngày 18/11/2026");
});
it("says so of a draft, and of what is not here yet", () => {
    const draft = { ...SENT, reference: "", dated: null };
    expect(replacedWords(draft)).toBe("Được thay thế bằng dự thảo đang soạn");
    const unknown = { ...CAME, reference: "", dated: null, document: null };
    expect(replacesWords(unknown)).toBe("Thay thế văn bản nơi gửi đã phát hành trước");
    expect(replacedWords(unknown)).toBe("Nơi gửi sẽ gửi văn bản thay thế");
    expect(addressOf(unknown)).toBeNull();
});
it("leads to the document, and to the card of what nobody has registered", () => {
    expect(addressOf(SENT)).toBe("#/outgoing/d");
    expect(addressOf(CAME)).toBe("#/incoming/d");
    const waiting = { ...CAME, document: null, card: "arrival:ab" };
    expect(addressOf(waiting)).toBe("#/tray/arrival%3Aab");
});
