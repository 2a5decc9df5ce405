import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import {
  acceptedContent,
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type ContentBlock,
  createRequestStateCodec,
  type InputRequest,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { choiceForm, confirmationForm, defaultsForm, form, userForm } from "#tests/conformance/fixture-forms.ts";

/** One red pixel. */
export const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
/** A WAV file without samples. */
const wav = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=";

/** Signs the state that callers carry between the rounds of one call. */
export const states = createRequestStateCodec<{ round: number }>({ key: randomBytes(32) });

type Answer = CallToolResult | InputRequiredResult;
/** What a tool may use beside its arguments; `announce` tells every listener that a list changed. */
export type ToolUse = { context: ServerContext; announce(list: "tools" | "prompts"): Promise<void> };
type Tool = (args: Readonly<Record<string, unknown>>, use: ToolUse) => Answer | Promise<Answer>;

const say = (...content: ContentBlock[]): CallToolResult => ({ content });
const words = (text: string): ContentBlock => ({ type: "text", text });
const image: ContentBlock = { type: "image", data: png, mimeType: "image/png" };

function ask(inputRequests: Record<string, InputRequest>, requestState?: string): InputRequiredResult {
  return inputRequired({ inputRequests, ...(requestState === undefined ? {} : { requestState }) });
}

const askName = () => inputRequired.elicit(form("What is your name?", { name: { type: "string" } }));

function askModel(text: string, maxTokens: number): InputRequest {
  return inputRequired.createMessage({ messages: [{ role: "user", content: { type: "text", text } }], maxTokens });
}

/** A tool that asks the user one form and repeats the answer. */
function asks(request: (args: Readonly<Record<string, unknown>>) => InputRequest, prefix: string): Tool {
  return (args, { context }) => {
    const answer = inputResponse(context.mcpReq.inputResponses, "user");
    if (answer.kind !== "elicit") return ask({ user: request(args) });
    return say(words(`${prefix}: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`));
  };
}

/** A tool that asks the caller's model and repeats the answer. */
function samples(key: string, request: (args: Readonly<Record<string, unknown>>) => InputRequest): Tool {
  return (args, { context }) => {
    const answer = inputResponse(context.mcpReq.inputResponses, key);
    if (answer.kind !== "sampling") return ask({ [key]: request(args) });
    const { content } = answer.result;
    const [first] = Array.isArray(content) ? content : [content];
    return say(words(`LLM response: ${first?.type === "text" ? first.text : ""}`));
  };
}

/** A tool that needs a confirmation and its own signed state back. */
const confirms: Tool = async (_, { context }) => {
  const isConfirmed = acceptedContent(context.mcpReq.inputResponses, "confirm") !== undefined;
  if (isConfirmed && context.mcpReq.requestState<{ round: number }>()?.round === 1) return say(words("state-ok"));
  return ask({ confirm: inputRequired.elicit(confirmationForm) }, await states.mint({ round: 1 }));
};

/** The fixture's tools. Each is written once for both eras: the SDK turns `inputRequired` into requests where callers have sessions. */
export const tools: Readonly<Record<string, Tool>> = {
  test_simple_text: () => say(words("This is a simple text response for testing.")),
  test_image_content: () => say(image),
  test_audio_content: () => say({ type: "audio", data: wav, mimeType: "audio/wav" }),
  test_embedded_resource: () =>
    say({
      type: "resource",
      resource: {
        uri: "test://embedded-resource",
        mimeType: "text/plain",
        text: "This is an embedded resource content.",
      },
    }),
  test_multiple_content_types: () =>
    say(words("Multiple content types test:"), image, {
      type: "resource",
      resource: {
        uri: "test://mixed-content-resource",
        mimeType: "application/json",
        text: JSON.stringify({ test: "data", value: 123 }),
      },
    }),
  test_tool_with_logging: async (_, { context }) => {
    await context.mcpReq.log("info", "Tool execution started");
    await pause(50);
    await context.mcpReq.log("info", "Tool processing data");
    await pause(50);
    await context.mcpReq.log("info", "Tool execution completed");
    return say(words("Logged three times."));
  },
  test_tool_with_progress: async (_, { context }) => {
    const progressToken = context.mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progress > 0) await pause(50);
      if (progressToken === undefined) continue;
      const params = { progressToken, progress, total: 100 };
      await context.mcpReq.notify({ method: "notifications/progress", params });
    }
    return say(words("Told its progress."));
  },
  test_error_handling: () => ({
    ...say(words("This tool intentionally returns an error for testing")),
    isError: true,
  }),
  test_sampling: samples("answer", ({ prompt }) => askModel(String(prompt), 100)),
  test_elicitation: asks(({ message }) => inputRequired.elicit(userForm(String(message))), "User response"),
  test_elicitation_sep1034_defaults: asks(() => inputRequired.elicit(defaultsForm), "Elicitation completed"),
  test_elicitation_sep1330_enums: asks(() => inputRequired.elicit(choiceForm), "Elicitation completed"),
  test_reconnection: async (_, { context }) => {
    context.http?.closeSSE?.();
    await pause(100);
    return say(words("The answer after the reconnection."));
  },
  json_schema_2020_12_tool: (args) => say(words(JSON.stringify(args))),
  test_x_mcp_header: ({ region }) => say(words(`region=${String(region)}`)),
  test_missing_capability: samples("answer", () => askModel("Is anybody there?", 10)),
  test_streaming_elicitation: asks(() => inputRequired.elicit(confirmationForm), "Elicitation completed"),
  test_logging_tool: async (_, { context }) => {
    await context.mcpReq.log("info", "A line of the log");
    return say(words("Logged once."));
  },
  test_trigger_tool_change: async (_, { announce }) => {
    await announce("tools");
    return say(words("Announced."));
  },
  test_trigger_prompt_change: async (_, { announce }) => {
    await announce("prompts");
    return say(words("Announced."));
  },
  test_input_required_result_elicitation: (_, { context }) => {
    const name = acceptedContent(context.mcpReq.inputResponses, "user_name")?.name;
    return typeof name === "string" ? say(words(`Hello, ${name}!`)) : ask({ user_name: askName() });
  },
  test_input_required_result_sampling: samples("capital_question", () =>
    askModel("What is the capital of France?", 100),
  ),
  test_input_required_result_list_roots: (_, { context }) => {
    const answer = inputResponse(context.mcpReq.inputResponses, "client_roots");
    if (answer.kind !== "roots") return ask({ client_roots: inputRequired.listRoots() });
    return say(words(`Roots: ${answer.roots.map(({ uri }) => uri).join(", ")}`));
  },
  test_input_required_result_request_state: confirms,
  test_input_required_result_tampered_state: confirms,
  test_input_required_result_multiple_inputs: async (_, { context }) => {
    const { inputResponses } = context.mcpReq;
    const wanted = { user_name: askName(), greeting: askModel("Generate a greeting", 50) };
    const requests = { ...wanted, client_roots: inputRequired.listRoots() };
    const isAnswered = (key: string) => inputResponse(inputResponses, key).kind !== "missing";
    if (Object.keys(requests).every(isAnswered)) return say(words("Three answers arrived."));
    return ask(requests, await states.mint({ round: 1 }));
  },
  test_input_required_result_multi_round: async (_, { context }) => {
    const { inputResponses } = context.mcpReq;
    const round = context.mcpReq.requestState<{ round: number }>()?.round ?? 0;
    if (round === 2 && acceptedContent(inputResponses, "step2") !== undefined)
      return say(words("Both steps are done."));
    if (round >= 1 && (round === 2 || acceptedContent(inputResponses, "step1") !== undefined)) {
      const color = form("Step 2: What is your favorite color?", { color: { type: "string" } });
      return ask({ step2: inputRequired.elicit(color) }, await states.mint({ round: 2 }));
    }
    const name = form("Step 1: What is your name?", { name: { type: "string" } });
    return ask({ step1: inputRequired.elicit(name) }, await states.mint({ round: 1 }));
  },
  test_input_required_result_capabilities: (_, { context }) => {
    const envelope: Readonly<Record<string, unknown>> = context.mcpReq.envelope ?? {};
    const declared = Object(envelope[CLIENT_CAPABILITIES_META_KEY]) as Readonly<Record<string, unknown>>;
    if (context.mcpReq.inputResponses !== undefined) return say(words("Answered."));
    const requests: Record<string, InputRequest> = {};
    if (declared.sampling !== undefined) requests.model = askModel("Say a word", 10);
    if (declared.elicitation !== undefined) requests.user = askName();
    return Object.keys(requests).length === 0 ? say(words("Nothing can be asked.")) : ask(requests);
  },
};
