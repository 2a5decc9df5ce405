import { demoTokenResponse } from "#lib/sign-in/demo.ts";

export const POST = demoTokenResponse;
