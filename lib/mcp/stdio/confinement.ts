/** A path of the host shown inside the sandbox. */
export type Bind = { mode: "read" | "write" | "device"; host: string; inside: string };

/** Resource limits of a stdio server, as options of prlimit(1): memory that is really written (1 GiB), processes and threads, open files, size of a file (256 MiB), no core dumps. */
export const limitOptions = [
  "--data=1073741824",
  "--nproc=96",
  "--nofile=512",
  "--fsize=268435456",
  "--core=0",
] as const;

/** Size of the private /tmp in bytes. */
export const temporaryBytes = 64 * 1024 * 1024;
