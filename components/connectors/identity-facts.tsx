import type { useTranslations } from "use-intl";
import type { Fact } from "#components/ui/facts.tsx";
import { ShortId } from "#components/ui/short-id.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";

type Words = ReturnType<typeof useTranslations<"inventory.connectors">>;

/**
 * The identity of a version as facts, pinned ones first; what only the server says about itself is marked so.
 * Everything in it comes from outside: members that are missing or of another kind are left out.
 * @param date formats an ISO 8601 instant
 */
export function identityFacts(identity: Record<string, unknown>, t: Words, date: (iso: string) => string): Fact[] {
  const server = record(identity.serverInfo);
  return [
    ...remoteFacts(identity, t, date),
    ...packageFacts(record(identity.package), t),
    ...fact("protocol", t("protocol"), identity.protocolVersion, t("selfReported")),
    ...fact(
      "server",
      t("server"),
      [server.name, server.version].filter((part) => typeof part === "string").join(" "),
      t("selfReported"),
    ),
    ...(typeof identity.instructions === "string" && identity.instructions !== ""
      ? [
          {
            id: "instructions",
            term: t("instructions"),
            value: <UntrustedText text={identity.instructions} collapseAfter={300} />,
            note: t("selfReported"),
          },
        ]
      : []),
  ];
}

function remoteFacts(identity: Record<string, unknown>, t: Words, date: (iso: string) => string): Fact[] {
  if (identity.transport !== "streamable-http") return [];
  const address = [...fact("address", t("address"), identity.url, t("pinned"))];
  if (typeof identity.tls !== "object" || identity.tls === null) {
    return [
      ...address,
      {
        id: "tls",
        term: t("tls"),
        value: (
          <StateChip plain tone="amber">
            {t("tlsNone")}
          </StateChip>
        ),
      },
    ];
  }
  const tls = record(identity.tls);
  const until = typeof tls.validTo === "string" ? t("tlsUntil", { date: date(tls.validTo) }) : undefined;
  return [
    ...address,
    ...fact("tls", t("tls"), tls.subject, until),
    ...fact("issuer", t("tlsIssuer"), tls.issuer),
    ...(typeof tls.spkiSha256 === "string"
      ? [
          {
            id: "spki",
            term: t("tlsKey"),
            value: <ShortId value={tls.spkiSha256} name={t("tlsKey")} />,
            note: t("pinned"),
          },
        ]
      : []),
    {
      id: "chain",
      term: t("tlsTrusted"),
      value: (
        <StateChip plain tone={tls.authorized === true ? "green" : "red"}>
          {t(tls.authorized === true ? "tlsTrusted" : "tlsUntrusted")}
        </StateChip>
      ),
    },
  ];
}

function packageFacts(found: Record<string, unknown>, t: Words): Fact[] {
  if (typeof found.name !== "string") return [];
  const argv = Array.isArray(found.argv) ? found.argv.map(String).join(" ") : "";
  return [
    ...fact("package", t("package"), `${found.name}@${String(found.version)}`, t("pinned")),
    ...(typeof found.integrity === "string"
      ? [
          {
            id: "integrity",
            term: t("integrity"),
            value: <ShortId value={found.integrity} name={t("integrity")} head={16} />,
            note: t("pinned"),
          },
        ]
      : []),
    ...(typeof found.lockDigest === "string"
      ? [
          {
            id: "lock",
            term: t("lock"),
            value: <ShortId value={found.lockDigest} name={t("lock")} />,
            note: t("pinned"),
          },
        ]
      : []),
    ...fact("command", t("command"), argv, t("pinned")),
  ];
}

function fact(id: string, term: string, value: unknown, note?: string): Fact[] {
  if (typeof value !== "string" || value === "") return [];
  return [{ id, term, value: <UntrustedText text={value} mono collapseAfter={300} />, ...(note ? { note } : {}) }];
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
