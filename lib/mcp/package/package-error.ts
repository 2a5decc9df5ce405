/** Why a package cannot be inspected or installed; the closed list that requests and screens know. */
export type PackageFailure =
  | "invalid_name"
  | "invalid_version"
  | "invalid_arguments"
  | "not_found"
  | "registry_unreachable"
  | "integrity_mismatch"
  | "too_large"
  | "hostile_tarball"
  | "lock_failed"
  | "no_executable"
  | "tampered"
  | "install_failed";

/** A package was refused. `detail` is our own short sentence, never text of the package or of the registry. */
export class PackageError extends Error {
  readonly code: PackageFailure;
  readonly detail: string;
  constructor(code: PackageFailure, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.name = "PackageError";
    this.code = code;
    this.detail = detail;
  }
}
