import { createCipheriv, createDecipheriv, createHash, createSecretKey, hkdfSync, randomBytes } from "node:crypto";
import { canonicalize, type JsonObject, type JsonValue } from "#lib/core/canonical.ts";
import { isJsonObject } from "#lib/core/inspection/json.ts";

/** Who a round of questions belongs to, and what call it is about. */
export type Round = { agentId: string; toolId: string; versionDigest: string; method: string; args: JsonObject };

/** Questions of a server to the person behind an agent (MCP 2026-07-28, multi round-trip requests). */
export type InputRounds = {
  /**
   * The result as the caller gets it: questions labelled with the server that asks, its state sealed for this caller and this call. Null when it asks
   * for what is not passed on: anything but elicitation, a secret by form, an address that is not https.
   */
  pass(result: JsonObject, round: Round, serverName: string, now: number): JsonObject | null;
  /** The server's own state of a repeated call; null when it is not one that this caller got for this call, or is too old. */
  open(sealed: string, round: Round, now: number): string | null;
};

/** How long a person may take to answer, milliseconds. */
export const answerMsMax = 60 * 60_000;
const secretName = /pass(?:word|phrase|code)|secret|token|api[_-]?key|credential|private[_-]?key|\bpin\b|cvv|otp/i;

/** @param key 32 bytes; states are sealed with a key derived from it (AES-256-GCM) */
export function createInputRounds(key: Uint8Array): InputRounds {
  const sealing = createSecretKey(Buffer.from(hkdfSync("sha256", key, "", "ambit-request-state-v1", 32)));

  function contextOf({ agentId, toolId, versionDigest, method, args }: Round): Buffer {
    const digest = createHash("sha256").update(canonicalize(args)).digest("hex");
    return Buffer.from([agentId, toolId, versionDigest, method, digest].join(" "));
  }

  return {
    pass(result, round, serverName, now) {
      const { inputRequests, requestState, ...others } = result;
      const asked = inputRequests === undefined ? {} : labelled(inputRequests, serverName);
      if (asked === null || (requestState !== undefined && typeof requestState !== "string")) return null;
      const iv = randomBytes(12);
      const aes = createCipheriv("aes-256-gcm", sealing, iv).setAAD(contextOf(round));
      const state = JSON.stringify({ until: now + answerMsMax, state: requestState ?? null });
      const body = Buffer.concat([aes.update(state, "utf8"), aes.final()]);
      const sealed = Buffer.concat([iv, aes.getAuthTag(), body]).toString("base64url");
      const questions = inputRequests === undefined ? {} : { inputRequests: asked };
      return { ...others, ...questions, ...(requestState === undefined ? {} : { requestState: sealed }) };
    },
    open(sealed, round, now) {
      try {
        const bytes = Buffer.from(sealed, "base64url");
        const aes = createDecipheriv("aes-256-gcm", sealing, bytes.subarray(0, 12))
          .setAAD(contextOf(round))
          .setAuthTag(bytes.subarray(12, 28));
        const text = Buffer.concat([aes.update(bytes.subarray(28)), aes.final()]).toString("utf8");
        const { until, state } = JSON.parse(text) as { until: number; state: string | null };
        return now < until ? state : null;
      } catch {
        return null;
      }
    },
  };
}

/** Questions with the name of the server that asks; null when one of them is not passed on. */
function labelled(requests: JsonValue, serverName: string): JsonObject | null {
  if (!isJsonObject(requests)) return null;
  const passed: Record<string, JsonValue> = {};
  for (const [id, request] of Object.entries(requests)) {
    if (!isJsonObject(request) || request.method !== "elicitation/create" || !isJsonObject(request.params)) return null;
    const { params } = request;
    const isAddress = params.mode === "url";
    if (isAddress ? !isHttps(params.url) : asksForSecret(params.requestedSchema)) return null;
    const message = typeof params.message === "string" ? params.message : "";
    // defined, not assigned: an id may be called __proto__
    Object.defineProperty(passed, id, {
      value: { ...request, params: { ...params, message: `[${serverName}] ${message}` } },
      enumerable: true,
    });
  }
  return passed;
}

function isHttps(url: JsonValue | undefined): boolean {
  return typeof url === "string" && URL.canParse(url) && new URL(url).protocol === "https:";
}

/** Whether a form asks for a secret, by its fields' names, titles and formats: MCP forbids that by form. */
function asksForSecret(schema: JsonValue | undefined): boolean {
  const properties = isJsonObject(schema) && isJsonObject(schema.properties) ? schema.properties : {};
  return Object.entries(properties).some(([name, field]) => {
    const { title = "", format = "" } = isJsonObject(field) ? field : {};
    return secretName.test(name) || secretName.test(String(title)) || format === "password";
  });
}

/** Which of a caller's capabilities a server is told of: those whose questions are passed on. */
export function passedCapabilities(declared: JsonValue | undefined): JsonObject {
  return isJsonObject(declared) && isJsonObject(declared.elicitation) ? { elicitation: declared.elicitation } : {};
}
