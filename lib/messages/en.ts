import { access } from "#lib/messages/en/access.ts";
import { activity } from "#lib/messages/en/activity.ts";
import { errors } from "#lib/messages/en/errors.ts";
import { evidence } from "#lib/messages/en/evidence.ts";
import { home } from "#lib/messages/en/home.ts";
import { inventory } from "#lib/messages/en/inventory.ts";
import { requests } from "#lib/messages/en/requests.ts";
import { settings } from "#lib/messages/en/settings.ts";
import { shell } from "#lib/messages/en/shell.ts";
import { signIn } from "#lib/messages/en/sign-in.ts";
import { ui } from "#lib/messages/en/ui.ts";

/** English, the language every key is written in first. Messages are ICU MessageFormat. */
export const en = {
  shell,
  ui,
  home,
  requests,
  inventory,
  access,
  activity,
  evidence,
  settings,
  errors,
  signIn,
} as const;

/** The exact catalogue: keys and ICU arguments are checked by the compiler through `AppConfig`. */
export type Messages = typeof en;

declare module "use-intl" {
  interface AppConfig {
    Locale: "en";
    Messages: Messages;
  }
}
