import { z } from "zod";
import { mutation, query } from "#lib/contract/operation.ts";
import { Id, Instant, PersonRef, page, pageInput } from "#lib/contract/page.ts";

export const EvidencePack = z.object({
  id: Id,
  requestedBy: PersonRef,
  from: Instant,
  to: Instant,
  state: z.enum(["queued", "running", "ready", "failed"]),
  /** Stages of the export with counts, in order. */
  progress: z.array(z.object({ stage: z.string(), done: z.number().int(), total: z.number().int().nullable() })),
  bytes: z.number().int().nullable(),
  sha256: z.string().nullable(),
  error: z.string().nullable(),
  createdAt: Instant,
  finishedAt: Instant.nullable(),
  /** Where the bytes are: GET with the same credentials. */
  download: z.string().nullable(),
});
export type EvidencePack = z.infer<typeof EvidencePack>;

export const evidence = {
  "evidence.list": query({
    path: "/evidence",
    action: "evidence:read",
    input: z.strictObject({ ...pageInput }),
    output: page(EvidencePack),
    summary: "List evidence packs",
  }),
  "evidence.get": query({
    path: "/evidence/{packId}",
    action: "evidence:read",
    input: z.strictObject({ packId: Id }),
    output: EvidencePack,
    summary: "One evidence pack and how far it is",
  }),
  "evidence.export": mutation({
    path: "/evidence",
    action: "evidence:export",
    input: z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime() }),
    output: EvidencePack,
    summary: "Export the evidence of a period",
  }),
};
