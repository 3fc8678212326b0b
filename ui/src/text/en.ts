/** Every word of the screens in English. */
import { app } from "./en/app";
import { kit } from "./en/kit";
import { type Words, vi } from "./vi";

// The screens beside the frame are spoken in Vietnamese until somebody needs them in English.
export const en: Words = { ...vi, app, kit };
