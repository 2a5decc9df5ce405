import { NothingHere } from "#components/shell/nothing-here.tsx";

/** A thing that does not exist, or that this person may not see; the shell stays. */
export default function ConsoleNotFound() {
  return <NothingHere />;
}
