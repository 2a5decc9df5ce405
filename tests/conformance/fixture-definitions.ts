import type { JsonObject } from "#lib/core/canonical.ts";

/** The fixture's name in its handshake, which a gateway pins. */
export const fixtureName = "conformance-fixture";

/** What the fixture declares. The suite asks only for what is declared, so this declares everything. */
export const fixtureCapabilities = {
  tools: { listChanged: true },
  resources: { subscribe: true, listChanged: true },
  prompts: { listChanged: true },
  logging: {},
  completions: {},
};

function tool(name: string, description: string, inputSchema: JsonObject = {}): JsonObject {
  return { name, description, inputSchema: { type: "object", properties: {}, ...inputSchema } };
}

const text = { type: "string" };

/** Tools by the names that the suite asks for; it fixes the schemas too. */
export const fixtureTools: readonly JsonObject[] = [
  tool("test_simple_text", "Returns one text."),
  tool("test_image_content", "Returns one image."),
  tool("test_audio_content", "Returns one sound."),
  tool("test_embedded_resource", "Returns an embedded resource."),
  tool("test_multiple_content_types", "Returns a text, an image and a resource."),
  tool("test_tool_with_logging", "Logs three times while it works."),
  tool("test_tool_with_progress", "Tells its progress three times."),
  tool("test_error_handling", "Always fails."),
  tool("test_sampling", "Asks the caller's model.", { properties: { prompt: text }, required: ["prompt"] }),
  tool("test_elicitation", "Asks the user.", { properties: { message: text }, required: ["message"] }),
  tool("test_elicitation_sep1034_defaults", "Asks the user with default values of every primitive type."),
  tool("test_elicitation_sep1330_enums", "Asks the user to choose, in every form of a choice."),
  tool("test_reconnection", "Closes the stream before it answers; the answer follows on reconnection."),
  tool("json_schema_2020_12_tool", "Has an input schema with keywords of JSON Schema 2020-12.", {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $defs: {
      address: { $anchor: "addressDef", type: "object", properties: { street: text, city: text } },
    },
    properties: {
      name: text,
      address: { $ref: "#/$defs/address" },
      contactMethod: { type: "string", enum: ["phone", "email"] },
      phone: text,
      email: text,
    },
    allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
    if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: ["phone"] },
    else: { required: ["email"] },
    additionalProperties: false,
  }),
  tool("test_x_mcp_header", "Mirrors an argument into a header.", {
    properties: { region: { type: "string", "x-mcp-header": "Region" }, query: text },
    required: ["region"],
  }),
  tool("test_missing_capability", "Needs a caller that declares sampling."),
  tool("test_streaming_elicitation", "Asks the user in the stream of the call."),
  tool("test_logging_tool", "Logs once, if the caller asked for logs."),
  tool("test_trigger_tool_change", "Announces that the tools changed."),
  tool("test_trigger_prompt_change", "Announces that the prompts changed."),
  tool("test_input_required_result_elicitation", "Needs the user's name."),
  tool("test_input_required_result_sampling", "Needs the answer of the caller's model."),
  tool("test_input_required_result_list_roots", "Needs the caller's roots."),
  tool("test_input_required_result_request_state", "Needs a confirmation and its own state back."),
  tool("test_input_required_result_multiple_inputs", "Needs three answers at once."),
  tool("test_input_required_result_multi_round", "Needs two answers, one after the other."),
  tool("test_input_required_result_tampered_state", "Refuses state that is not its own."),
  tool("test_input_required_result_capabilities", "Asks only for what the caller declared."),
];

/** Prompts by the names that the suite asks for. */
export const fixturePrompts: readonly JsonObject[] = [
  { name: "test_simple_prompt", description: "A prompt without arguments." },
  {
    name: "test_prompt_with_arguments",
    description: "A prompt with two arguments.",
    arguments: [
      { name: "arg1", description: "The first argument.", required: true },
      { name: "arg2", description: "The second argument.", required: true },
    ],
  },
  {
    name: "test_prompt_with_embedded_resource",
    description: "A prompt that embeds a resource.",
    arguments: [{ name: "resourceUri", description: "The resource to embed.", required: true }],
  },
  { name: "test_prompt_with_image", description: "A prompt with an image." },
  { name: "test_input_required_result_prompt", description: "A prompt that needs the user's answer." },
];

/** Resources by the addresses that the suite asks for. */
export const fixtureResources: readonly JsonObject[] = [
  { uri: "test://static-text", name: "static-text", description: "A fixed text.", mimeType: "text/plain" },
  { uri: "test://static-binary", name: "static-binary", description: "A fixed image.", mimeType: "image/png" },
  { uri: "test://watched-resource", name: "watched", description: "Can be subscribed to.", mimeType: "text/plain" },
];

export const fixtureTemplates: readonly JsonObject[] = [
  {
    uriTemplate: "test://template/{id}/data",
    name: "template",
    description: "Data by id.",
    mimeType: "application/json",
  },
];
