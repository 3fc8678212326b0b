/** Whom a document is sent to, as the dialog shows and begins it. */
import type { AddresseeForm, AgencyFound } from "../../host/generated/contract";
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
