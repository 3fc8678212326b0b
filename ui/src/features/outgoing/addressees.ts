/** Whom a document is sent to, as the dialog shows and begins it. */
import type { AddresseeForm, AgencyFound, RecipientsTogether } from "../../host/generated/contract";
import { showDay } from "../../kit/dates";
import type { Option } from "../../kit/options";
import { words } from "../../text";

const say = words.exchange.issue;

/** A found agency as it stands in the list that drops down. */
export function optionOf(agency: AgencyFound): Option {
    const note = [agency.code, agency.parent].filter((part) => part !== "").join(" · ");
    const hint =
        agency.ended !== null
            ? say.gone(showDay(agency.ended))
            : agency.on_exchange
              ? ""
              : say.hintOff;
    return {
        id: agency.agency,
        text: agency.name,
        ...(note === "" ? {} : { note }),
        ...(hint === "" ? {} : { hint }),
    };
}

/** A new recipient gets what the one before it got: most go for the same. */
export function addresseeOf(
    agency: AgencyFound,
    before: AddresseeForm | undefined,
    due: string,
): AddresseeForm {
    return {
        agency: agency.agency,
        name: agency.name,
        code: agency.code,
        purpose: before?.purpose ?? words.exchange.purposes[0] ?? "",
        due: before?.due ?? due,
    };
}

/** What stands before the name of a group in the id of its option. */
const GROUP = "group:";

/** A group as it stands in the list, before the agencies. */
export function optionOfGroup(group: RecipientsTogether, at: number): Option {
    const text = group.last ? say.lastOf(group.name) : group.name;
    return { id: `${GROUP}${at}`, text, hint: say.groupOf(group.members.length) };
}

/** The group of an option; undefined for an agency. */
export function groupOf(
    groups: readonly RecipientsTogether[],
    id: string,
): RecipientsTogether | undefined {
    return id.startsWith(GROUP) ? groups[Number(id.slice(GROUP.length))] : undefined;
}

/** Those that are chosen, with more behind them; nobody twice. */
export function withMore(
    to: readonly AddresseeForm[],
    agencies: readonly AgencyFound[],
    due: string,
): AddresseeForm[] {
    const all = [...to];
    for (const agency of agencies) {
        if (all.some((other) => other.agency === agency.agency)) continue;
        all.push(addresseeOf(agency, all.at(-1), due));
    }
    return all;
}

/** One that cannot be sent to, why, and who may be sent to instead. */
export interface BarredRow {
    agency: AgencyFound;
    what: string;
    todo: string;
    heirs: AgencyFound[];
}

/** What is said after something was picked. */
export interface Barred {
    /** How many of a group came; empty for a single agency. */
    said: string;
    rows: BarredRow[];
    /** The group, where it is one that clerks keep. */
    group: string | null;
}

function rowOf(agency: AgencyFound): BarredRow {
    const { name, ended } = agency;
    const heirs = agency.heirs.filter((heir) => heir.takes);
    if (ended === null) {
        return { agency, what: say.offExchange(name), todo: say.offExchangeTodo, heirs: [] };
    }
    const todo = heirs.length > 0 ? say.heirs : say.noHeirs;
    return { agency, what: say.ended(name, showDay(ended)), todo, heirs };
}

/** Who of what was picked cannot be sent to; null when all can and it was no group. */
export function barredOf(
    picked: readonly AgencyFound[],
    group: RecipientsTogether | undefined,
): Barred | null {
    const rows = picked.filter((one) => !one.takes).map(rowOf);
    if (group === undefined) return rows.length === 0 ? null : { said: "", rows, group: null };
    const said = [
        say.cameOf(picked.length - rows.length, group.last ? "" : group.name),
        ...(group.unknown > 0 ? [say.unknownOf(group.unknown)] : []),
    ].join(" ");
    return { said, rows, group: group.last ? null : group.name };
}

/** The same once an heir was chosen; null when nothing is left to say. */
export function takenOf(barred: Barred, of: AgencyFound): Barred | null {
    const rows = barred.rows.filter(({ agency }) => agency.agency !== of.agency);
    return rows.length === 0 && barred.group === null ? null : { ...barred, rows };
}
