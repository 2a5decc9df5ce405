"use client";
import type { Route } from "next";
import Link from "next/link";
import { type KeyboardEvent, memo, useCallback, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { type AccessKind, accessMarks } from "#components/access/access-chip.tsx";
import { useMayOpenAgent } from "#components/access/may-read.ts";
import { WhyAnswer } from "#components/access/why-answer.tsx";
import { EffectMark } from "#components/requests/effect-mark.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { Popover } from "#components/ui/popover.tsx";
import { ScrollRegion } from "#components/ui/scroll-region.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import type { OutputOf } from "#lib/contract/index.ts";

type Matrix = OutputOf<"access.matrix">;
type Place = { row: number; column: number };
type Asked = { element: Element; agentId: string; agentName: string; tool: string };

/** The grid itself: arrow keys, Home and End move, Enter asks why. One popover serves all cells. */
export function MatrixGrid(props: {
  label: string;
  connectorId: string;
  tools: Matrix["tools"];
  agents: Matrix["agents"];
}) {
  const { label, connectorId, tools, agents } = props;
  const t = useTranslations("access");
  const grid = useRef<HTMLTableElement>(null);
  const [focused, setFocused] = useState<Place>({ row: 0, column: 0 });
  const [asked, setAsked] = useState<Asked | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  const mayOpenAgent = useMayOpenAgent();
  const ask = useCallback((question: Asked) => {
    setAsked(question);
    setIsOpen(true);
  }, []);
  const focusCell = useCallback((place: Place) => setFocused(place), []);
  const column = Math.min(focused.column, tools.length - 1);

  function onKeyDown(event: KeyboardEvent) {
    const next = moved({ row: focused.row, column }, event.key, { row: agents.length - 1, column: tools.length - 1 });
    if (next === null) return;
    event.preventDefault();
    setFocused(next);
    grid.current?.querySelector<HTMLElement>(`[data-cell="${next.row} ${next.column}"]`)?.focus();
  }

  return (
    <>
      <ScrollRegion
        label={label}
        className="max-h-[max(20rem,calc(100dvh-16rem))] w-fit min-w-0 max-w-full overflow-auto rounded-md border bg-surface"
      >
        <table
          ref={grid}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid of buttons in a real table, as the ARIA grid pattern has it
          role="grid"
          aria-label={label}
          onKeyDown={onKeyDown}
          className="border-separate border-spacing-0 text-sm"
        >
          <thead>
            <tr>
              <th
                scope="col"
                className="sticky top-0 left-0 z-20 min-w-36 max-w-56 border-r border-b bg-surface px-3 pb-2 text-left align-bottom font-normal text-muted"
              >
                {t("agents")}
              </th>
              {tools.map((tool) => (
                <th
                  key={tool.id}
                  scope="col"
                  className="sticky top-0 z-10 w-9 min-w-9 border-b bg-surface px-1 pt-2 pb-2 align-bottom font-normal"
                >
                  <Link
                    href={`/tools/${tool.id}` as Route}
                    prefetch={false}
                    title={tool.name.slice(0, 200)}
                    className="mx-auto flex max-h-44 w-5 rotate-180 rounded-sm font-mono text-muted [writing-mode:vertical-rl] hover:text-ink"
                  >
                    <UntrustedText inline text={tool.name} className="max-h-44 overflow-hidden" />
                  </Link>
                  <span className="mt-1 flex justify-center">
                    <EffectMark bare effect={tool.effect} />
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {agents.map((agent, row) => (
              <AgentRow
                key={agent.id}
                agent={agent}
                mayOpen={mayOpenAgent(agent.id)}
                tools={tools}
                row={row}
                focusedColumn={focused.row === row ? column : null}
                askedTool={isOpen && asked?.agentId === agent.id ? asked.tool : null}
                onAsk={ask}
                onFocusCell={focusCell}
              />
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {asked ? (
        <Popover
          open={isOpen}
          onOpenChange={setIsOpen}
          anchor={asked.element}
          title={t("whyTitle", { agent: asked.agentName, tool: asked.tool })}
          hideTitle
          align="center"
          className="w-96!"
        >
          <WhyAnswer agentId={asked.agentId} agentName={asked.agentName} connectorId={connectorId} tool={asked.tool} />
        </Popover>
      ) : null}
    </>
  );
}

const accessClass: Record<AccessKind, string> = { permit: "text-green", conditional: "text-amber", none: "text-faint" };

type AgentRowProps = {
  agent: Matrix["agents"][number];
  mayOpen: boolean;
  tools: Matrix["tools"];
  row: number;
  focusedColumn: number | null;
  askedTool: string | null;
  onAsk: (question: Asked) => void;
  onFocusCell: (place: Place) => void;
};

const AgentRow = memo(function AgentRow({
  agent,
  mayOpen,
  tools,
  row,
  focusedColumn,
  askedTool,
  onAsk,
  onFocusCell,
}: AgentRowProps) {
  const t = useTranslations("access");
  const access = new Map(agent.cells.map((cell) => [cell.toolId, cell.access]));
  return (
    <tr className="group">
      <th
        scope="row"
        className="sticky left-0 z-10 h-9 min-w-36 max-w-56 border-r border-b bg-surface px-3 text-left font-medium text-ink"
      >
        {mayOpen ? (
          <Link
            href={`/agents/${agent.id}` as Route}
            prefetch={false}
            className="block truncate rounded-sm hover:underline"
          >
            <UntrustedText inline text={agent.name} />
          </Link>
        ) : (
          <UntrustedText inline text={agent.name} />
        )}
      </th>
      {tools.map((tool, column) => {
        const kind = access.get(tool.id) ?? "none";
        return (
          <td key={tool.id} className="border-b p-0 text-center group-hover:bg-subtle">
            <button
              type="button"
              data-cell={`${row} ${column}`}
              tabIndex={focusedColumn === column ? 0 : -1}
              aria-label={t("cellLabel", { agent: agent.name, tool: tool.name, access: t(`cell.${kind}`) })}
              aria-haspopup="dialog"
              aria-expanded={askedTool === tool.name}
              onFocus={() => onFocusCell({ row, column })}
              onClick={(event) =>
                onAsk({ element: event.currentTarget, agentId: agent.id, agentName: agent.name, tool: tool.name })
              }
              className={classNames(
                "h-9 w-full rounded-sm hover:bg-pressed focus-visible:-outline-offset-2 aria-expanded:bg-accent-tint",
                accessClass[kind],
              )}
            >
              <span aria-hidden>{accessMarks[kind]}</span>
            </button>
          </td>
        );
      })}
    </tr>
  );
});

function moved({ row, column }: Place, key: string, last: Place): Place | null {
  switch (key) {
    case "ArrowUp":
      return { row: Math.max(row - 1, 0), column };
    case "ArrowDown":
      return { row: Math.min(row + 1, last.row), column };
    case "ArrowLeft":
      return { row, column: Math.max(column - 1, 0) };
    case "ArrowRight":
      return { row, column: Math.min(column + 1, last.column) };
    case "Home":
      return { row, column: 0 };
    case "End":
      return { row, column: last.column };
    default:
      return null;
  }
}
