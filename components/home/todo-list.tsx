"use client";
import CalendarClock from "lucide-react/icons/calendar-clock";
import FilePen from "lucide-react/icons/file-pen";
import Inbox from "lucide-react/icons/inbox";
import MessageSquare from "lucide-react/icons/message-square";
import Package from "lucide-react/icons/package";
import Power from "lucide-react/icons/power";
import ShieldAlert from "lucide-react/icons/shield-alert";
import UserX from "lucide-react/icons/user-x";
import UsersRound from "lucide-react/icons/users-round";
import type { Route } from "next";
import { useTranslations } from "use-intl";
import { ButtonLink } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/now.ts";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import type { Todo } from "#lib/contract/home.ts";

const icons = {
  review: Inbox,
  changes_requested: MessageSquare,
  change: UsersRound,
  enable: Power,
  expiring_grant: CalendarClock,
  quarantine: ShieldAlert,
  release: Package,
  orphan: UserX,
  no_eligible_reviewer: UserX,
  draft: FilePen,
} as const;

const soonMs = 24 * 3_600_000;

/** What waits, the most urgent first; every row has one action. */
export function TodoList({ todos }: { todos: readonly Todo[] }) {
  const t = useTranslations("home");
  return (
    <ul aria-label={t("waiting")} className="flex flex-col divide-y">
      {todos.map((todo) => (
        <TodoRow key={`${todo.kind} ${todo.subjectId}`} todo={todo} />
      ))}
    </ul>
  );
}

function TodoRow({ todo }: { todo: Todo }) {
  const t = useTranslations("home");
  const Icon = icons[todo.kind];
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5 hover:bg-subtle sm:flex-nowrap">
      <Icon size={16} strokeWidth={1.75} aria-hidden className="hidden shrink-0 text-faint sm:block" />
      <div className="min-w-0 flex-1 basis-60">
        <p className="truncate font-medium text-ink text-sm">
          <UntrustedText text={todo.title} inline />
        </p>
        <p className="flex min-w-0 flex-wrap items-baseline gap-x-2 text-muted text-sm">
          <span className={todo.kind === "quarantine" ? "text-red" : undefined}>{t(`todo.kind.${todo.kind}`)}</span>
          <Detail todo={todo} />
          {todo.dueAt ? <Due at={todo.dueAt} /> : null}
        </p>
      </div>
      <ButtonLink href={todo.href as Route} variant={todo.kind === "review" ? "primary" : "secondary"}>
        {t(`todo.act.${todo.kind}`)}
      </ButtonLink>
    </li>
  );
}

function Detail({ todo }: { todo: Todo }) {
  const t = useTranslations("home.todo.stage");
  if (todo.detail === "" || todo.kind === "change" || todo.kind === "expiring_grant") return null;
  const stages = (["security", "owner", "data_protection", "platform"] as const).filter((one) =>
    todo.detail.split(" ").includes(one),
  );
  if (todo.kind === "review") return stages.map((stage) => <span key={stage}>{t(stage)}</span>);
  if (todo.kind === "no_eligible_reviewer") return <span>{stages.map((stage) => t(`name.${stage}`)).join(", ")}</span>;
  return <UntrustedText text={todo.detail} inline className="max-w-full" />;
}

function Due({ at }: { at: string }) {
  const t = useTranslations("home");
  const left = Date.parse(at) - useNow();
  const tone = left < 0 ? "text-red" : left < soonMs ? "text-amber" : "text-faint";
  return (
    <span className={`whitespace-nowrap ${tone}`} suppressHydrationWarning>
      {left < 0 ? t("overdue") : t("due")} <RelativeTime value={at} />
    </span>
  );
}
