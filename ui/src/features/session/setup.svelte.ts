/** The wizard of the first run: what it has asked so far, kept through a power cut. */
import type { DefaultsShown, OfficerSetup, Setup } from "../../host/generated/contract";
import { words } from "../../text";

const KEPT_AS = "vanthu.setup";
export const STEPS = ["agency", "units", "officers", "books", "kinds", "review"] as const;
export type StepName = (typeof STEPS)[number];

const PIN_DIGITS_MIN = 6;

/** Makes the first form out of what the desk proposes. */
function begun(defaults: DefaultsShown): Setup {
    const first: OfficerSetup = {
        name: "",
        position: "",
        unit: "",
        roles: ["administrator"],
        pin: "",
    };
    return {
        agency: defaults.agency,
        kinds: defaults.kinds,
        units: defaults.units,
        officers: [first],
        books: defaults.books,
    };
}

export class SetupForm {
    at = $state(0);
    value = $state() as Setup;

    constructor(defaults: DefaultsShown) {
        this.value = this.#kept() ?? begun(defaults);
        $effect(() => {
            // PINs are not written anywhere before the register can keep them.
            const officers = this.value.officers.map((officer) => ({ ...officer, pin: "" }));
            const kept = { ...$state.snapshot(this.value), officers };
            try {
                localStorage.setItem(KEPT_AS, JSON.stringify(kept));
            } catch {
                return;
            }
        });
    }

    #kept(): Setup | null {
        try {
            return JSON.parse(localStorage.getItem(KEPT_AS) ?? "null") as Setup | null;
        } catch {
            return null;
        }
    }

    forget(): void {
        localStorage.removeItem(KEPT_AS);
    }

    get step(): StepName {
        return STEPS[this.at] ?? "review";
    }

    /** What is still missing on a step; undefined when nothing is. */
    missing(step: StepName): string | undefined {
        const say = words.setup;
        const { agency, officers, books } = this.value;
        const admin = officers.find(({ roles }) => roles.includes("administrator"));
        if (step === "agency" && agency.name.trim() === "") return say.needName;
        if (step === "agency" && agency.code.trim() === "") return say.needCode;
        if (step === "officers" && (admin === undefined || admin.name.trim() === "")) {
            return say.needAdmin;
        }
        if (step === "officers" && (admin?.pin.length ?? 0) < PIN_DIGITS_MIN) return say.needPin;
        if (step === "books" && books.length === 0) return say.needBook;
        return undefined;
    }

    /** The form as it is sent: lines without a name are left out. */
    plain(): Setup {
        const value = $state.snapshot(this.value) as Setup;
        const named = <Row extends { name: string }>(rows: Row[]): Row[] =>
            rows.filter(({ name }) => name.trim() !== "");
        return {
            ...value,
            units: named(value.units),
            officers: named(value.officers),
            books: named(value.books),
        };
    }
}
