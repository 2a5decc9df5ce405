import { createHash, createPublicKey, verify as nodeVerify } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { CliError, exitCodes, print } from "#lib/cli/output.ts";
import { NoteError, parseVkey } from "#lib/core/log/note.ts";
import { isZip } from "#lib/core/pack/read-zip.ts";
import { verifyPackZip } from "#lib/core/pack/verify.ts";

/** SubjectPublicKeyInfo of Ed25519 without its 32 key bytes (RFC 8410, section 4). */
const spkiPrefix = Buffer.from("302a300506032b6570032100", "hex");

/** `ambit verify`: offline, with the same code that stands in every pack. */
export function verifyCommand(): Command {
  return new Command("verify")
    .description("Verify an evidence pack offline. The key comes from outside the pack")
    .argument("<pack.zip>")
    .requiredOption(
      "--key <vkey>",
      "the log's verifier key, as shown on the Evidence page or by log checkpoint, or a file that holds it",
    )
    .option("--seen <file>", "a checkpoint that you kept from before: the log must still contain it")
    .action(async (file: string, options: { key: string; seen?: string }) => {
      const seen = options.seen === undefined ? {} : { seen: await readFile(options.seen, "utf8") };
      const vkey = await readVkey(options.key);
      const pack = new Uint8Array(await readFile(file));
      if (!isZip(pack)) throw new CliError(`${file} is not an evidence pack: it is no zip file.`);
      const result = verifyPackZip(pack, {
        vkey,
        sha256,
        ed25519Verify: (publicKey, message, signature) =>
          nodeVerify(
            null,
            message,
            createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: "der", type: "spki" }),
            signature,
          ),
        ...seen,
      });
      for (const { check, fault, path, detail } of result.findings) print(`${check}: ${fault} ${path ?? ""} ${detail}`);
      print(
        `${result.verdict}${result.manifest === null ? "" : `  ${result.manifest.packId}  ${result.manifest.period.from} to ${result.manifest.period.to}`}`,
      );
      if (result.verdict !== "verified") process.exitCode = exitCodes.refused;
    });
}

function sha256(data: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(data).digest());
}

/** @param given the key itself, or the path of a file with it, such as `log.vkey` */
async function readVkey(given: string): Promise<string> {
  const kept = await readFile(given, "utf8").catch(() => null);
  const vkey = kept?.trim() ?? given;
  try {
    parseVkey(sha256, vkey);
    return vkey;
  } catch (error) {
    if (error instanceof NoteError)
      throw new CliError(
        `--key: ${error.message}. The Evidence page and ambit log checkpoint show it; a file that holds it will do too.`,
      );
    throw error;
  }
}
