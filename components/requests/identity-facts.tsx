"use client";
import { useTranslations } from "use-intl";
import { type Fact, Facts } from "#components/ui/facts.tsx";
import { ShortId } from "#components/ui/short-id.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";

/** Who a server is, as inspected (`ServerIdentity` of the core): what is pinned, what cannot be verified, what it only says of itself. */
export function IdentityFacts({ identity }: { identity: Record<string, unknown> }) {
  const t = useTranslations("requests.review.identity");
  const tls = part(identity.tls);
  const pack = part(identity.package);
  const info = part(identity.serverInfo);
  const fact = (id: string, term: string, text: unknown, mono = false): Fact[] =>
    typeof text === "string" && text !== "" ? [{ id, term, value: <UntrustedText text={text} mono={mono} /> }] : [];
  const facts: Fact[] = [...fact("url", t("address"), identity.url, true)];
  if (identity.transport === "streamable-http")
    facts.push({ id: "tls", term: t("certificate"), value: <Certificate tls={tls} /> });
  if (tls) {
    facts.push(...fact("issuer", t("issuer"), tls.issuer));
    if (typeof tls.spkiSha256 === "string") {
      facts.push({ id: "key", term: t("key"), value: <ShortId value={tls.spkiSha256} name={t("key")} /> });
    }
  }
  if (pack) {
    facts.push(
      ...fact("package", t("package"), `${String(pack.name)}@${String(pack.version)}`, true),
      ...(typeof pack.integrity === "string"
        ? [
            {
              id: "integrity",
              term: t("integrity"),
              value: <ShortId value={pack.integrity} name={t("integrity")} head={14} />,
            },
          ]
        : []),
      ...fact("command", t("command"), Array.isArray(pack.argv) ? pack.argv.join(" ") : "", true),
    );
  }
  facts.push(...fact("protocol", t("protocol"), identity.protocolVersion, true));
  if (info) {
    const named = [info.title ?? info.name, info.version].filter((text) => typeof text === "string").join(" ");
    facts.push({ id: "server", term: t("server"), value: <UntrustedText text={named} />, note: t("selfReported") });
  }
  if (typeof identity.instructions === "string" && identity.instructions !== "") {
    facts.push({
      id: "instructions",
      term: t("instructions"),
      value: <UntrustedText text={identity.instructions} collapseAfter={300} />,
      note: t("selfReported"),
    });
  }
  return <Facts facts={facts} />;
}

function Certificate({ tls }: { tls: Record<string, unknown> | null }) {
  const t = useTranslations("requests.review.identity");
  if (tls === null) {
    return (
      <span className="flex flex-wrap items-center gap-x-2">
        <StateChip tone="amber">{t("notVerifiable")}</StateChip>
        <span className="text-muted">{t("noTls")}</span>
      </span>
    );
  }
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <StateChip tone={tls.authorized === true ? "green" : "amber"}>
        {tls.authorized === true ? t("pinned") : t("notVerifiable")}
      </StateChip>
      {tls.authorized === true ? null : <span className="text-muted">{t("untrusted")}</span>}
      {typeof tls.subject === "string" ? <UntrustedText text={tls.subject} /> : null}
      {typeof tls.validTo === "string" ? (
        <span className="text-faint">{t("valid", { date: tls.validTo.slice(0, 10) })}</span>
      ) : null}
    </span>
  );
}

function part(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
