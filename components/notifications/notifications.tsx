"use client";
import Bell from "lucide-react/icons/bell";
import type { Route } from "next";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "#components/ui/button.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { SkeletonText } from "#components/ui/skeleton.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useInfiniteQueryFor, useMutationFor, useQueryFor } from "#lib/client/queries.ts";
import type { Notification } from "#lib/contract/home.ts";

const refreshMs = 60_000;

/** The bell of the top line: how many are unread, and the list. Opening one marks it as read. */
export function Notifications() {
  const t = useTranslations("shell.notifications");
  const [isOpen, setIsOpen] = useState(false);
  const me = useQueryFor("people.me", {}, { refetchInterval: refreshMs });
  const unread = me.data?.unreadNotifications ?? 0;
  const name = t("open", { count: unread });
  return (
    <Popover
      title={t("title")}
      align="end"
      open={isOpen}
      onOpenChange={setIsOpen}
      className="w-90"
      trigger={
        <button
          type="button"
          aria-label={name}
          title={name}
          className="relative flex size-8 items-center justify-center rounded-md text-muted hover:bg-subtle hover:text-ink"
        >
          <Bell size={16} aria-hidden />
          {unread > 0 ? (
            <span
              aria-hidden
              className="absolute top-0 right-0 flex h-4 min-w-4 items-center justify-center rounded-full bg-accent px-1 font-medium text-key text-on-accent"
            >
              {unread > 99 ? "99+" : unread}
            </span>
          ) : null}
        </button>
      }
    >
      <NotificationList onGo={() => setIsOpen(false)} />
    </Popover>
  );
}

function NotificationList({ onGo }: { onGo: () => void }) {
  const t = useTranslations("shell.notifications");
  const list = useInfiniteQueryFor("notifications.list", { limit: 20 });
  const read = useMutationFor("notifications.read");
  const unread = (list.data ?? []).filter((one) => one.readAt === null).map((one) => one.id);
  if (list.isPending) {
    return (
      <div className="px-2 pb-2">
        <SkeletonText lines={5} />
      </div>
    );
  }
  if (list.isError) return <p className="px-2 pb-2 text-red">{t("failed")}</p>;
  if (list.data.length === 0) return <p className="px-2 pb-2 text-muted">{t("empty")}</p>;
  return (
    <>
      <ul className="flex flex-col">
        {list.data.map((one) => (
          <li key={one.id}>
            <Row
              one={one}
              onOpen={() => {
                if (one.readAt === null) read.mutate({ ids: [one.id] });
                onGo();
              }}
            />
          </li>
        ))}
      </ul>
      {unread.length > 0 || list.hasNextPage ? (
        <div className="mt-1 flex flex-wrap gap-1 border-t px-1 pt-2">
          {unread.length > 0 ? (
            <Button variant="ghost" loading={read.isPending} onClick={() => read.mutate({ ids: unread })}>
              {t("readAll")}
            </Button>
          ) : null}
          {list.hasNextPage ? (
            <Button variant="ghost" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t("more")}
            </Button>
          ) : null}
        </div>
      ) : null}
    </>
  );
}

function Row({ one, onOpen }: { one: Notification; onOpen: () => void }) {
  const t = useTranslations("shell.notifications");
  const isUnread = one.readAt === null;
  return (
    <Link
      href={one.href as Route}
      onClick={onOpen}
      className="flex items-start gap-2 rounded-md px-2 py-1.5 hover:bg-subtle"
    >
      <span className="flex h-5 w-2 shrink-0 items-center">
        {isUnread ? (
          <span className="size-1.5 rounded-full bg-accent">
            <span className="sr-only">{t("unread")}</span>
          </span>
        ) : null}
      </span>
      <span className="min-w-0 flex-1">
        <UntrustedText text={one.title} collapseAfter={160} className={isUnread ? "text-ink" : "text-muted"} />
        <RelativeTime value={one.createdAt} focusable={false} className="text-faint" />
      </span>
    </Link>
  );
}
