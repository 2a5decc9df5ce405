// Runs inside the sandbox, before the server: takes program, arguments and environment from descriptor 3, so that no secret
// stands in a command line and no variable of a package's choosing reaches the programs that build the sandbox.
import { closeSync, readFileSync } from "node:fs";
import { Module } from "node:module";

const { file, args, environment } = JSON.parse(readFileSync(3, "utf8"));
closeSync(3);
for (const name of Object.keys(process.env)) delete process.env[name];
Object.assign(process.env, environment);
process.argv = [process.execPath, file, ...args];
Module.runMain();
