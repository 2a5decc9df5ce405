import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";

/** A user and group of the operating system, by number; the shape that `spawn` takes. */
export interface Account {
  uid: number;
  gid: number;
}

/** The account that PostgreSQL must run as: none unless we are root, which PostgreSQL refuses to run as. */
export async function postgresAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const users = await readFile("/etc/passwd", "utf8").catch(() => "");
  for (const name of ["postgres", "nobody"]) {
    const [, , uid, gid] =
      users
        .split("\n")
        .find((line) => line.startsWith(`${name}:`))
        ?.split(":") ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  return { uid: 65534, gid: 65534 };
}

/** Whether an account may enter a directory, asked of the operating system as that account. */
export function canTraverse(dir: string, account: Account): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = spawn("/bin/sh", ["-c", 'cd -- "$1"', "sh", dir], { ...account, cwd: "/", stdio: "ignore" });
    probe.once("error", () => resolve(false));
    probe.once("exit", (code) => resolve(code === 0));
  });
}
