/** Dates as hands type them. */
import { describe, expect, it } from "vitest";

import { vi } from "../text/vi";
import { daysBetween, plusDays, readDay, showDay, weekdayOf } from "./dates";

/** A Wednesday. */
const TODAY = "2026-11-18";
const past = (typed: string): string | null => readDay(typed, TODAY, vi.app.dateWords, "past");
const future = (typed: string): string | null => readDay(typed, TODAY, vi.app.dateWords, "future");

describe("a typed date", () => {
    it("is read however the day, month and year are parted", () => {
        for (const typed of ["17/11/2026", "17.11.2026", "17-11-26", "17112026", "2026-11-17"]) {
            expect(past(typed)).toBe("2026-11-17");
        }
    });

    it("takes the nearest year that makes sense when none is given", () => {
        expect(past("25/12")).toBe("2025-12-25");
        expect(future("25/11")).toBe("2026-11-25");
        expect(future("02/01")).toBe("2027-01-02");
    });

    it("understands tomorrow and the days of the week, with marks or without", () => {
        expect(future("mai")).toBe("2026-11-19");
        expect(future("t6")).toBe("2026-11-20");
        expect(future("Thứ sáu")).toBe("2026-11-20");
        expect(future("t4")).toBe("2026-11-25");
        expect(future("cn")).toBe("2026-11-22");
    });

    it("refuses a day that does not exist", () => {
        for (const typed of ["31/02/2026", "29/02/2026", "00/11/2026", "12/13/2026", "45a", ""]) {
            expect(past(typed)).toBeNull();
        }
        expect(past("29/02/2024")).toBe("2024-02-29");
    });

    it("leaves a bare number to the office's calendar", () => {
        expect(future("3")).toBeNull();
    });

    it("counts days over the ends of months", () => {
        expect(plusDays("2026-12-31", 1)).toBe("2027-01-01");
        expect(daysBetween("2026-11-18", "2026-12-01")).toBe(13);
        expect(weekdayOf(TODAY)).toBe(2);
        expect(showDay(TODAY)).toBe("18/11/2026");
    });
});
