import type { ElicitRequestFormParams } from "@modelcontextprotocol/server";

type Properties = ElicitRequestFormParams["requestedSchema"]["properties"];

/** A form with every field required, or only those named. */
export function form(
  message: string,
  properties: Properties,
  required: string[] = Object.keys(properties),
): ElicitRequestFormParams {
  return { message, requestedSchema: { type: "object", properties, required } };
}

export const confirmationForm = form("Please confirm", { ok: { type: "boolean" } });

/** The form of `test_elicitation`. */
export function userForm(message: string): ElicitRequestFormParams {
  return form(message, {
    username: { type: "string", description: "User's response" },
    email: { type: "string", description: "User's email address" },
  });
}

/** A default for every primitive type (SEP-1034). */
export const defaultsForm = form(
  "Please check these values",
  {
    name: { type: "string", default: "John Doe" },
    age: { type: "integer", default: 30 },
    score: { type: "number", default: 95.5 },
    status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
    verified: { type: "boolean", default: true },
  },
  [],
);

const options = ["option1", "option2", "option3"];
const titled = (noun: string) =>
  ["First", "Second", "Third"].map((title, index) => ({ const: `value${index + 1}`, title: `${title} ${noun}` }));

/** Every form of a choice (SEP-1330). */
export const choiceForm = form(
  "Please choose",
  {
    untitledSingle: { type: "string", enum: options },
    titledSingle: { type: "string", oneOf: titled("Option") },
    legacyEnum: {
      type: "string",
      enum: ["opt1", "opt2", "opt3"],
      enumNames: ["Option One", "Option Two", "Option Three"],
    },
    untitledMulti: { type: "array", items: { type: "string", enum: options } },
    titledMulti: { type: "array", items: { anyOf: titled("Choice") } },
  },
  [],
);
