import { createTranslator } from "use-intl/core";
import { en, type Messages } from "#lib/messages/en.ts";

/** BCP 47 tag of the language the console speaks. */
export const locale = "en";

/** The catalogue of that language. */
export const messages: Messages = en;

/** Translator for server components and metadata, e.g. `translator("requests")("title")`. Client components use `useTranslations`. */
export function translator<Namespace extends keyof Messages>(namespace: Namespace) {
  return createTranslator<Messages, Namespace>({ locale, messages, namespace });
}
