/** Every word of the screens in English. */
import { app } from "./en/app";
import { kit } from "./en/kit";
import type { Words } from "./vi";

export const en: Words = { app, kit };
