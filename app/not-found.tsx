import { NothingHere } from "#components/shell/nothing-here.tsx";

/** An address that leads nowhere. */
export default function RootNotFound() {
  return (
    <main id="content" className="py-16">
      <NothingHere />
    </main>
  );
}
