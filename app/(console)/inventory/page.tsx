import type { Route } from "next";
import { redirect } from "next/navigation";

/** Inventory is four lists; whoever types its name gets the first. */
export default function Page() {
  redirect("/connectors" as Route);
}
