import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { CliError, exitCodes, print } from "#lib/cli/output.ts";
import { target } from "#lib/cli/session.ts";
import { call } from "#lib/client/call.ts";

/** `ambit export`: asks for an evidence pack, shows how far it is, and downloads it. */
export function exportCommand(): Command {
  return new Command("export")
    .description("Export the evidence of a period and download the pack")
    .option("--from <time>", "ISO 8601 in UTC (default: 30 days ago)")
    .option("--to <time>", "ISO 8601 in UTC (default: now)")
    .requiredOption("--out <file>", "where the zip goes")
    .action(async (options: { from?: string; to?: string; out: string }, command: Command) => {
      const api = await target(command);
      const to = options.to ?? new Date().toISOString();
      const from = options.from ?? new Date(Date.parse(to) - 30 * 86_400_000).toISOString();
      let pack = await call("evidence.export", { from, to }, api);
      while (pack.state === "queued" || pack.state === "running") {
        const now = pack.progress.findLast(({ done }) => done > 0);
        process.stderr.write(
          `\r${pack.state} ${now === undefined ? "" : `${now.stage} ${now.done}${now.total === null ? "" : `/${now.total}`}`}    `,
        );
        await sleep(500);
        pack = await call("evidence.get", { packId: pack.id }, api);
      }
      process.stderr.write("\n");
      if (pack.state === "failed" || pack.download === null)
        throw new CliError(pack.error ?? "The export failed.", exitCodes.failed);
      const response = await fetch(new URL(pack.download, api.baseUrl), {
        headers: { authorization: `Bearer ${api.token}` },
      });
      if (!response.ok || response.body === null)
        throw new CliError(`The download was refused (HTTP ${response.status}).`, exitCodes.refused);
      const hash = createHash("sha256");
      const body = Readable.fromWeb(response.body as import("node:stream/web").ReadableStream);
      body.on("data", (chunk: Buffer) => hash.update(chunk));
      await pipeline(body, createWriteStream(options.out));
      const sha256 = hash.digest("hex");
      if (pack.sha256 !== null && pack.sha256 !== sha256)
        throw new CliError("The downloaded bytes are not those of the pack. Try again.", exitCodes.failed);
      print({ file: options.out, bytes: pack.bytes, sha256, id: pack.id });
    });
}
