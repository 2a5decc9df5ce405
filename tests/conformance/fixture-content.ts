import {
  acceptedContent,
  type GetPromptResult,
  type InputRequiredResult,
  inputRequired,
  type PromptMessage,
  type ReadResourceResult,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { form } from "#tests/conformance/fixture-forms.ts";
import { png } from "#tests/conformance/fixture-tools.ts";

/** What stands at an address; null where there is nothing. */
export function readResource(uri: string): ReadResourceResult | null {
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  if (id !== undefined) {
    const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
    return { contents: [{ uri, mimeType: "application/json", text }] };
  }
  switch (uri) {
    case "test://static-text":
      return { contents: [{ uri, mimeType: "text/plain", text: "This is the content of the static text resource." }] };
    case "test://static-binary":
      return { contents: [{ uri, mimeType: "image/png", blob: png }] };
    case "test://watched-resource":
      return { contents: [{ uri, mimeType: "text/plain", text: "Watched." }] };
    default:
      return null;
  }
}

type Arguments = Readonly<Record<string, string>>;
type Prompt = (args: Arguments, context: ServerContext) => GetPromptResult | InputRequiredResult;

const says = (...content: PromptMessage["content"][]): GetPromptResult => ({
  messages: content.map((one) => ({ role: "user" as const, content: one })),
});

/** The fixture's prompts. */
export const prompts: Readonly<Record<string, Prompt>> = {
  test_simple_prompt: () => says({ type: "text", text: "This is a simple prompt for testing." }),
  test_prompt_with_arguments: ({ arg1, arg2 }) =>
    says({ type: "text", text: `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` }),
  test_prompt_with_embedded_resource: ({ resourceUri = "" }) =>
    says(
      {
        type: "resource",
        resource: { uri: resourceUri, mimeType: "text/plain", text: "Embedded resource content for testing." },
      },
      { type: "text", text: "Please process the embedded resource above." },
    ),
  test_prompt_with_image: () =>
    says(
      { type: "image", data: png, mimeType: "image/png" },
      { type: "text", text: "Please analyze the image above." },
    ),
  test_input_required_result_prompt: (_, { mcpReq }) => {
    const answer = acceptedContent(mcpReq.inputResponses, "user_context");
    if (answer !== undefined) return says({ type: "text", text: `Context: ${String(answer.context)}` });
    const question = form("What context should the prompt use?", { context: { type: "string" } });
    return inputRequired({ inputRequests: { user_context: inputRequired.elicit(question) } });
  },
};
