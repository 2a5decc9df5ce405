import { Command } from "commander";
import { agentCommand } from "#lib/cli/agent.ts";
import { callCommand, toolsCommand } from "#lib/cli/call.ts";
import { exportCommand } from "#lib/cli/export.ts";
import { loginCommand, logoutCommand, whoamiCommand } from "#lib/cli/login.ts";
import { addOperationCommands, routesCommand } from "#lib/cli/operations.ts";
import { exitCodeHelp, exitCodes, failure } from "#lib/cli/output.ts";
import { verifyCommand } from "#lib/cli/verify.ts";

const program = new Command("ambit")
  .description("Governs what AI systems can reach and do through MCP. Everything here goes through the REST API.")
  .option("--url <url>", "address of the console (default: the one signed in to last, or http://127.0.0.1:3000)")
  .option("--token <token>", "access token (default: AMBIT_TOKEN, or the one kept by login)")
  .option("--json", "JSON also on a terminal; elsewhere it is the default")
  .addHelpText("after", exitCodeHelp);

program.addCommand(loginCommand());
program.addCommand(logoutCommand());
program.addCommand(whoamiCommand());
addOperationCommands(program);
agentCommand(program);
program.addCommand(toolsCommand());
program.addCommand(callCommand());
program.addCommand(exportCommand());
program.addCommand(verifyCommand());
program.addCommand(routesCommand());

endUsageErrors(program);
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = failure(error);
}

/** A wrong option or argument of any command ends with the code for it, and says where its help is. */
function endUsageErrors(command: Command): void {
  command.showHelpAfterError("(--help shows how it is called)");
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? exitCodes.done : exitCodes.usage));
  for (const one of command.commands) endUsageErrors(one as Command);
}
