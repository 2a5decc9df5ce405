/** Every error that Ambit answers with: code → HTTP status and title. The code selects the message that people read. */
export const errors = {
  invalid_input: { status: 400, title: "The input is not valid" },
  malformed_json: { status: 400, title: "The body is not valid JSON" },
  not_signed_in: { status: 401, title: "Sign in first" },
  token_invalid: { status: 401, title: "The access token is not valid" },
  csrf_refused: { status: 403, title: "The request did not come from this site" },
  scope_missing: { status: 403, title: "The access token does not have this scope" },
  interactive_sign_in_required: { status: 403, title: "This needs a person's sign-in of the last 10 minutes" },
  not_eligible: { status: 403, title: "You may not decide this" },
  not_found: { status: 404, title: "Not found" },
  method_not_allowed: { status: 405, title: "Method not allowed" },
  conflict: { status: 409, title: "It changed meanwhile" },
  stale_digest: { status: 409, title: "What was reviewed is no longer what is proposed" },
  invalid_transition: { status: 409, title: "Not possible in its present state" },
  already_exists: { status: 409, title: "It exists already" },
  already_decided: { status: 409, title: "You already decided this" },
  not_approved: { status: 409, title: "It does not have its approvals" },
  nobody_eligible: { status: 409, title: "Nobody may decide this" },
  second_person_required: { status: 409, title: "This needs a second person" },
  idempotency_mismatch: { status: 409, title: "This idempotency key was used with other input" },
  gone: { status: 410, title: "It is no longer available" },
  body_too_large: { status: 413, title: "The body is too large" },
  unsupported_media_type: { status: 415, title: "Send application/json" },
  too_many_requests: { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Something went wrong on our side" },
  unavailable: { status: 503, title: "The database does not answer" },
} as const;

export type ErrorCode = keyof typeof errors;

/** One field's problem: where (dotted path into the input) and what to do. */
export type Issue = { path: string; message: string };

/** The body of an error answer: RFC 9457 problem details with our code. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail?: string;
  requestId: string;
  issues?: Issue[];
};

/**
 * The one error that use cases throw. `detail` is shown to people: a plain sentence that says what to do, never internal text.
 * The cause stays on the server.
 */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly issues: Issue[] | undefined;

  constructor(code: ErrorCode, detail?: string, options?: { issues?: Issue[]; cause?: unknown }) {
    super(detail ?? errors[code].title, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = "DomainError";
    this.code = code;
    this.detail = detail;
    this.issues = options?.issues;
  }
}
