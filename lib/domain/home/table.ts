import { getHome } from "#lib/domain/home/get.ts";
import { listNotifications, readNotifications } from "#lib/domain/home/notifications.ts";
import { search } from "#lib/domain/home/search.ts";

export const homeOperations = {
  "home.get": getHome,
  "home.search": search,
  "notifications.list": listNotifications,
  "notifications.read": readNotifications,
};
