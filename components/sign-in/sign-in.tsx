"use client";
import ArrowRight from "lucide-react/icons/arrow-right";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Mark } from "#components/shell/mark.tsx";
import { Avatar } from "#components/ui/avatar.tsx";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Spinner } from "#components/ui/spinner.tsx";

type SignInProps = {
  /** Name of the company's provider; null where none is set up. */
  company: string | null;
  people: readonly { subject: string; name: string }[];
  /** Where to go afterwards, a path of this site. */
  next: string;
  /** A person who is signed in confirms that it is them. */
  isAgain: boolean;
  /** The sign-in library's code of what went wrong. */
  error: string | null;
};

/** Ways to sign in: the company's provider, and the demo people of an instance on one's own machine. */
export function SignIn({ company, people, next, isAgain, error }: SignInProps) {
  const t = useTranslations("signIn");
  const shell = useTranslations("shell");
  const [pending, setPending] = useState<string | null>(null);
  const [failure, setFailure] = useState(error);

  async function enterCompany() {
    setPending("company");
    const { signIn } = await import("next-auth/react");
    await signIn("company", { callbackUrl: next }, isAgain ? { prompt: "login", max_age: "0" } : {});
  }

  async function enterDemo(person: string) {
    setPending(person);
    try {
      const { signIn } = await import("next-auth/react");
      const answer = await signIn("demo", { person, callbackUrl: next, redirect: false });
      // A whole load: nothing that another person saw stays in memory.
      if (answer?.ok === true && !answer.error) return window.location.assign(next);
      setFailure(answer?.error ?? "CredentialsSignin");
    } catch {
      setFailure("network");
    }
    setPending(null);
  }

  const isDemo = people.length > 0;
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-110 flex-col justify-center gap-5 px-4 py-10">
      <header className="flex flex-col gap-1">
        <p className="mb-4 flex items-center gap-2 font-semibold text-base text-ink tracking-tight">
          <Mark />
          {shell("productName")}
        </p>
        <h1 className="font-semibold text-ink text-xl tracking-tight">{isAgain ? t("againTitle") : t("title")}</h1>
        <p className="text-base text-muted">{isAgain ? t("againLead") : isDemo ? t("leadDemo") : t("lead")}</p>
      </header>
      {failure === null ? null : (
        <Notice tone="red" urgent>
          {t(`error.${messageOf(failure)}`)}
        </Notice>
      )}
      {company === null ? null : (
        <Button
          variant="primary"
          className="h-10!"
          loading={pending === "company"}
          disabled={pending !== null}
          onClick={() => void enterCompany()}
        >
          {t("company", { name: company })}
        </Button>
      )}
      {isDemo ? (
        <section aria-labelledby="demo-people" className="overflow-hidden rounded-md border bg-surface">
          <h2 id="demo-people" className="border-b px-4 py-2 font-medium text-muted text-sm">
            {t("demoHeading")}
          </h2>
          <ul className="divide-y">
            {people.map(({ subject, name }) => (
              <li key={subject}>
                <button
                  type="button"
                  disabled={pending !== null}
                  onClick={() => void enterDemo(subject)}
                  className="group flex w-full items-center gap-3 px-4 py-2 text-left hover:bg-subtle focus-visible:-outline-offset-2"
                >
                  <Avatar name={name} size={28} />
                  <span className="min-w-0 flex-1">
                    <span className="block font-medium text-ink text-sm">{name}</span>
                    <span className="block text-muted text-sm">
                      {isKnown(subject) ? t(`people.${subject}`) : t("otherPerson")}
                    </span>
                  </span>
                  <span className="text-faint group-hover:text-ink">
                    {pending === subject ? <Spinner /> : <ArrowRight size={15} aria-hidden />}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {company === null && !isDemo ? <Notice tone="amber">{t("none")}</Notice> : null}
    </main>
  );
}

const knownPeople = [
  "requester",
  "owner",
  "security-1",
  "security-2",
  "data-protection",
  "platform",
  "auditor",
  "administrator",
] as const;

function isKnown(subject: string): subject is (typeof knownPeople)[number] {
  return knownPeople.some((one) => one === subject);
}

/** What the sign-in library's codes come down to. */
function messageOf(code: string): "suspended" | "unreachable" | "provider" | "demo" | "network" | "other" {
  if (code === "network") return "network";
  if (code === "CredentialsSignin") return "demo";
  if (code === "AccessDenied") return "suspended";
  if (code === "OAuthSignin") return "unreachable";
  return code.startsWith("OAuth") ? "provider" : "other";
}
