import { createHash } from "node:crypto";
import { constants, createWriteStream } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { z } from "zod";
import { CliError, exitCodes, print } from "#lib/cli/output.ts";
import { target } from "#lib/cli/session.ts";
import { call } from "#lib/client/call.ts";

/** `ambit export`: asks for an evidence pack, shows how far it is, and downloads it. */
export function exportCommand(): Command {
  return new Command("export")
    .description("Export the evidence of a period and download the pack")
    .option("--from <time>", "ISO 8601 in UTC, or a day for its start (default: 30 days before --to)")
    .option("--to <time>", "ISO 8601 in UTC, or a day for its start (default: now); not included")
    .requiredOption("--out <file>", "where the zip goes")
    .action(async (options: { from?: string; to?: string; out: string }, command: Command) => {
      const api = await target(command);
      const period = periodOf(options);
      await refuseUnwritable(options.out);
      let pack = await call("evidence.export", period, api);
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
        throw new CliError(`The download of ${pack.id} was refused (HTTP ${response.status}).`, exitCodes.refused);
      const hash = createHash("sha256");
      const body = Readable.fromWeb(response.body as import("node:stream/web").ReadableStream);
      body.on("data", (chunk: Buffer) => hash.update(chunk));
      await pipeline(body, createWriteStream(options.out)).catch((error: Error) => {
        const kept = `The pack is made and kept as ${pack.id}: download it on the Evidence page.`;
        throw new CliError(`${options.out} could not be written: ${error.message}.\n${kept}`, exitCodes.failed);
      });
      const sha256 = hash.digest("hex");
      if (pack.sha256 !== null && pack.sha256 !== sha256)
        throw new CliError("The downloaded bytes are not those of the pack. Try again.", exitCodes.failed);
      print({ file: options.out, bytes: pack.bytes, sha256, id: pack.id });
    });
}

/** @throws CliError that names the option */
function periodOf(given: { from?: string; to?: string }): { from: string; to: string } {
  const now = new Date().toISOString();
  const to = given.to === undefined ? now : instant("--to", given.to);
  if (given.from === undefined) return { from: new Date(Date.parse(to) - 30 * 86_400_000).toISOString(), to };
  const from = instant("--from", given.from);
  if (given.to === undefined && Date.parse(from) >= Date.parse(now))
    throw new CliError("--from: This is in the future, and without --to the period ends now. Give an earlier time.");
  return { from, to };
}

function instant(option: string, text: string): string {
  if (z.iso.date().safeParse(text).success) return `${text}T00:00:00.000Z`;
  if (z.iso.datetime().safeParse(text).success) return text;
  throw new CliError(
    `${option}: "${text}" is not a time in UTC such as 2026-11-01T09:30:00Z, nor a day such as 2026-11-01.`,
  );
}

/** Before the pack is made: where it goes must be a place that can be written. */
async function refuseUnwritable(file: string): Promise<void> {
  const there = await stat(file).catch(() => null);
  if (there?.isDirectory() === true) throw new CliError(`--out: ${file} is a folder. Name a file in it.`);
  const folder = dirname(file);
  const isFolder = (await stat(folder).catch(() => null))?.isDirectory() === true;
  if (!isFolder) throw new CliError(`--out: There is no folder ${folder}.`);
  await access(there === null ? folder : file, constants.W_OK).catch(() => {
    throw new CliError(`--out: ${file} may not be written by you.`);
  });
}
