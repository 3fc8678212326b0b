/** A month as weeks: where it begins, how it ends, who works on a Saturday. */
import { describe, expect, it } from "vitest";

import { monthBeside, weeksOf, whyOff } from "./month";

describe("a month", () => {
    it("begins on a Monday and ends on a Sunday, with every day of it once", () => {
        const weeks = weeksOf("2026-11-20");
        expect(weeks[0]?.[0]).toBe("2026-10-26");
        expect(weeks.at(-1)?.at(-1)).toBe("2026-12-06");
        const days = weeks.flat().filter((day) => day.startsWith("2026-11"));
        expect(days.length).toBe(30);
        expect(new Set(days).size).toBe(30);
    });
    it("has neighbours, over the end of a year too", () => {
        expect(monthBeside("2026-12-31", 1)).toBe("2027-01-01");
        expect(monthBeside("2026-03-31", -1)).toBe("2026-02-01");
        expect(monthBeside("2027-01-15", -1)).toBe("2026-12-01");
    });
    it("shades weekends and holidays, and not a Saturday that is made up", () => {
        const of = (date: string, kind: string, name: string) =>
            [date, { date, kind, name }] as const;
        const decided = new Map([
            of("2026-09-02", "holiday", "Quốc khánh"),
            of("2026-08-22", "makeup_working", "làm bù"),
        ]);
        expect(whyOff("2026-09-02", decided)).toBe("Quốc khánh");
        expect(whyOff("2026-08-22", decided)).toBeNull();
        expect(whyOff("2026-08-23", decided)).toBe("");
        expect(whyOff("2026-08-24", decided)).toBeNull();
    });
});
