"use client";
import type { Route } from "next";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useTranslations } from "use-intl";
import { clientConfig, clients, tokenVariable } from "#components/agents/client-config.ts";
import { SkeletonCard } from "#components/connectors/skeleton-card.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { Facts } from "#components/ui/facts.tsx";
import { Field } from "#components/ui/field.tsx";
import { Section } from "#components/ui/section.tsx";
import { Select } from "#components/ui/select.tsx";
import { ShortId } from "#components/ui/short-id.tsx";
import { SplitPage } from "#components/ui/split-page.tsx";
import { useQueryFor } from "#lib/client/queries.ts";
import type { OutputOf } from "#lib/contract/index.ts";

/** In the place of a connector's short name: all of the agent's connectors at one address. No short name looks like it. */
const everything = "*";

/** Everything to connect an agent to a connector that it holds a grant for: a command to try, ready configurations, addresses. */
export function AgentConnect({ agent }: { agent: OutputOf<"agents.get"> }) {
  const t = useTranslations("access.agent");
  const inventory = useTranslations("inventory");
  const { data, error, isPending, refetch } = useQueryFor("grants.list", {
    agentId: agent.id,
    status: "active",
    limit: 200,
  });
  const [chosen, setChosen] = useQueryStates({
    connector: parseAsString,
    client: parseAsStringLiteral(clients).withDefault("claude"),
  });
  if (isPending) return <SkeletonCard />;
  if (error) return <ErrorState body={error.message} onRetry={() => void refetch()} />;
  const slugs = [...new Set(data.items.map((grant) => grant.connectorSlug))];
  const slug = [...slugs, everything].find((item) => item === chosen.connector) ?? slugs[0];
  if (slug === undefined) {
    return (
      <EmptyState
        title={t("connectNone")}
        body={t("connectNoneBody")}
        action={
          <ButtonLink href={`/requests/new?kind=grant&agentId=${agent.id}` as Route} variant="primary">
            {inventory("connectors.requestGrant")}
          </ButtonLink>
        }
      />
    );
  }
  const url = `${agent.connect.issuer}/mcp${slug === everything ? "" : `/s/${slug}`}`;
  const asAgent = `--agent ${agent.id} --key ${agent.slug}.key --endpoint ${url}`;
  const config = clientConfig(chosen.client, slug === everything ? "ambit" : slug, url);
  const facts = [
    {
      id: "endpoint",
      term: t("connectEndpoint"),
      value: <ShortId value={url} head={80} tail={0} name={t("connectEndpoint")} />,
    },
    {
      id: "token",
      term: t("connectToken"),
      value: <ShortId value={agent.connect.tokenEndpoint} head={80} tail={0} name={t("connectToken")} />,
    },
    {
      id: "issuer",
      term: t("connectIssuer"),
      value: <ShortId value={agent.connect.issuer} head={80} tail={0} name={t("connectIssuer")} />,
    },
    { id: "client", term: t("connectId"), value: <ShortId value={agent.connect.clientId} name={t("connectId")} /> },
    { id: "auth", term: t("connectAuth"), value: t("connectAuthValue") },
  ];
  return (
    <SplitPage
      asideLabel={t("connectAddresses")}
      aside={
        <Section title={t("connectAddresses")}>
          <Facts facts={facts} className="sm:grid-cols-1! sm:[&_dt]:-mb-2" />
        </Section>
      }
    >
      <Section title={t("connectTitle")} description={t("connectBody")}>
        <div className="flex flex-wrap gap-3">
          <Field label={t("connectConnector")} className="w-56">
            <Select
              options={[
                ...slugs.map((value) => ({ value, label: value })),
                { value: everything, label: t("connectEverything"), detail: t("connectEverythingNote") },
              ]}
              value={slug}
              onChange={(next) => void setChosen({ connector: next })}
            />
          </Field>
          <Field label={t("connectClient")} className="w-56">
            <Select
              options={clients.map((value) => ({ value, label: t(`client.${value}`) }))}
              value={chosen.client}
              onChange={(next) => void setChosen({ client: next })}
            />
          </Field>
        </div>
      </Section>
      <Section title={t("connectTry")} description={t("connectTryBody")}>
        <CodeBlock label={t("connectCommand")} code={`npx ambit mcp-tools ${asAgent}`} />
      </Section>
      <Section title={t("connectConfig")} description={t("connectConfigBody")}>
        <div className="flex flex-col gap-3">
          <CodeBlock
            label={t("connectGetToken")}
            code={`export ${tokenVariable}="$(npx ambit agent token ${asAgent})"`}
          />
          <CodeBlock
            label={t("connectFile", { client: t(`client.${chosen.client}`), file: config.file })}
            code={config.text}
          />
        </div>
      </Section>
    </SplitPage>
  );
}
