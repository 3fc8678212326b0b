/** Every word of the screens in Vietnamese. */
import { admin } from "./vi/admin";
import { app } from "./vi/app";
import { directory } from "./vi/directory";
import { documents } from "./vi/documents";
import { exchange } from "./vi/exchange";
import { forms } from "./vi/forms";
import { history } from "./vi/history";
import { kit } from "./vi/kit";
import { leases } from "./vi/leases";
import { line } from "./vi/line";
import { said } from "./vi/said";
import { screens } from "./vi/screens";
import { setup } from "./vi/setup";

export const vi = {
    admin,
    app,
    directory,
    documents,
    exchange,
    forms,
    history,
    kit,
    leases,
    line,
    said,
    screens,
    setup,
};
export type Words = typeof vi;
