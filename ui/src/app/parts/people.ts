/** People and units as options to pick from. */
import type { PartyForm } from "../../host/generated/contract";
import type { Option } from "../../kit/options";

/** Makes options of parties: the name, then the position and the unit. */
export function partyOptions(parties: readonly PartyForm[]): Option[] {
    return parties.map(({ id, name, detail }) =>
        detail === "" ? { id, text: name } : { id, text: name, note: detail },
    );
}

/** The unit of an officer: it ends the line that begins with his position. */
export function unitOf(detail: string): string {
    return detail.split(", ").at(-1) ?? detail;
}
