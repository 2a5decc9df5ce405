import { ed25519 } from "@noble/curves/ed25519.js";
import { expect, test } from "vitest";
import { fromBase64, toBase64, utf8 } from "#lib/core/log/bytes.ts";
import { formatCheckpoint, openCheckpoint, parseCheckpoint } from "#lib/core/log/checkpoint.ts";
import {
  type Ed25519Verify,
  formatVkey,
  NoteError,
  type NoteFault,
  noteKeyId,
  openNote,
  parseVkey,
  signNote,
} from "#lib/core/log/note.ts";
import { ed25519Verify, sha256, signerFromSeed } from "#tests/core/log/crypto.ts";

// The published example of golang.org/x/mod/sumdb/note: private key, verifier keys and signatures.
const seed = fromBase64("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz").slice(1);
const peter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const enoch = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const body = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const peterLine =
  "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const enochLine =
  "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

const fault = (run: () => unknown): NoteFault | null => {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof NoteError) return error.fault;
    throw error;
  }
};
const opened = (note: string, ...vkeys: string[]) =>
  openNote(
    note,
    vkeys.map((vkey) => parseVkey(sha256, vkey)),
    ed25519Verify,
  ).signers.map(({ name }) => name);

test("the published note is signed and opened byte for byte", () => {
  const { signer, publicKey } = signerFromSeed("PeterNeumann", seed);
  expect(formatVkey(sha256, "PeterNeumann", publicKey)).toBe(peter);
  expect(signNote(body, signer)).toBe(`${body}\n${peterLine}`);
  expect(opened(`${body}\n${peterLine}`, peter)).toEqual(["PeterNeumann"]);
});

test("a browser's Ed25519 opens the same note", () => {
  const noble: Ed25519Verify = (publicKey, message, signature) =>
    ed25519.verify(signature, message, publicKey, { zip215: false });
  expect(openNote(`${body}\n${peterLine}`, [parseVkey(sha256, peter)], noble).body).toBe(body);
});

test("signatures by unknown keys are ignored, by known keys never", () => {
  expect(opened(`${body}\n${peterLine}${enochLine}`, peter)).toEqual(["PeterNeumann"]);
  expect(opened(`${body}\n${peterLine}${enochLine}`, enoch, peter)).toEqual(["PeterNeumann", "EnochRoot"]);
  expect(fault(() => opened(`${body}\n${enochLine}`, peter))).toBe("unknown-key");
  const broken = enochLine.replace("5n2t", "5n2u");
  expect(opened(`${body}\n${peterLine}${broken}`, peter)).toEqual(["PeterNeumann"]);
  expect(fault(() => opened(`${body}\n${peterLine}${broken}`, peter, enoch))).toBe("invalid-signature");
});

test("the right name with another key id is an unknown key", () => {
  expect(fault(() => opened(`${body}\n${peterLine.replace("x08g", "xxxx")}`, peter))).toBe("unknown-key");
});

test("a signature does not carry over to another text", () => {
  expect(fault(() => opened(`${body.replace("don't", "do")}\n${peterLine}`, peter))).toBe("invalid-signature");
});

test("anything but the exact format is malformed", () => {
  const note = `${body}\n${peterLine}`;
  const sixteen = `${body}\n${enochLine.repeat(15)}${peterLine}`;
  expect(opened(sixteen, peter)).toEqual(["PeterNeumann"]);
  const malformed = [
    body,
    `${body}\n`,
    note.slice(0, -1),
    note.replaceAll("\n", "\r\n"),
    `\u0001${note}`,
    `\ud800${note}`,
    `${note}Unexpected line.\n`,
    note.replace("— PeterNeumann", "— Peter Neumann"),
    note.replace("— PeterNeumann", "— Peter+Neumann"),
    note.replace("— PeterNeumann", "- PeterNeumann"),
    note.replace("nAM=", "nAN="),
    note.replace("nAM=", "nAM"),
    note.replace("nAM=", "nA M="),
    note.replace("x08go", "x08g-"),
    `${body}\n${peterLine.repeat(101)}`,
    `${body}\n— PeterNeumann AAAA\n`,
  ];
  for (const variant of malformed) expect(fault(() => opened(variant, peter))).toBe("malformed");
  const { signer } = signerFromSeed("PeterNeumann", seed);
  for (const text of ["abc", "a\r\n", "", "\u0000\n"]) expect(fault(() => signNote(text, signer))).toBe("malformed");
});

test("a verifier key with any character changed or missing is refused", () => {
  for (let i = 0; i < peter.length; i++) {
    const next = String.fromCharCode(peter.charCodeAt(i) + 1);
    expect(fault(() => parseVkey(sha256, peter.slice(0, i) + next + peter.slice(i + 1)))).toBe("malformed");
    expect(fault(() => parseVkey(sha256, peter.slice(0, i)))).toBe("malformed");
    expect(fault(() => parseVkey(sha256, peter.slice(i + 1)))).toBe("malformed");
  }
});

test("a checkpoint is exactly three lines", () => {
  const checkpoint = { origin: "example.com/log", size: 20_852_163, root: new Uint8Array(32).fill(9) };
  const text = formatCheckpoint(checkpoint);
  expect(text).toBe(`example.com/log\n20852163\n${toBase64(checkpoint.root)}\n`);
  expect(parseCheckpoint(text)).toEqual(checkpoint);
  const malformed = [
    text.replace("20852163", "020852163"),
    text.replace("20852163", "-1"),
    text.replace("20852163", "1e3"),
    text.replace("20852163", "9007199254740993"),
    text.replace("CQk=", "CQl="),
    text.slice(0, -1),
    `${text}extension\n`,
    `\n${text}`,
    text.replaceAll("\n", "\r\n"),
  ];
  for (const variant of malformed) expect(fault(() => parseCheckpoint(variant))).toBe("malformed");
});

test("a checkpoint of another log is refused even when the key signed it", () => {
  const { signer, publicKey } = signerFromSeed("example.com/log", seed);
  const verifier = { name: signer.name, keyId: noteKeyId(sha256, signer.name, publicKey), publicKey };
  const note = (origin: string) => signNote(formatCheckpoint({ origin, size: 0, root: sha256(utf8("")) }), signer);
  expect(openCheckpoint(note("example.com/log"), verifier, ed25519Verify).size).toBe(0);
  expect(fault(() => openCheckpoint(note("example.com/other"), verifier, ed25519Verify))).toBe("malformed");
});
