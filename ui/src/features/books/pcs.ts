/** PCs of the agency as choices. */
import type { PcRow } from "../../host/generated/contract";
import { words } from "../../text";

/** A PC that was neither shut out nor destroyed. */
export const works = ({ revoked, retired }: PcRow): boolean => revoked === null && retired === null;

function named(pc: PcRow): string {
    if (pc.here) return words.leases.force.thisPc(pc.name);
    return `${pc.name}${words.leases.handOver.officers(pc.officers.join(", "))}`;
}

/** The PCs that may give numbers. */
export function workingPcs(rows: readonly PcRow[]): { value: string; label: string }[] {
    return rows.filter(works).map((pc) => ({ value: pc.id, label: named(pc) }));
}

/** The PCs that may give numbers beside this one. */
export function otherPcs(rows: readonly PcRow[]): { value: string; label: string }[] {
    return workingPcs(rows.filter(({ here }) => !here));
}
