/** Every word of the screens in Vietnamese. */
import { app } from "./vi/app";
import { kit } from "./vi/kit";

export const vi = { app, kit };
export type Words = typeof vi;
