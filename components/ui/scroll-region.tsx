import type { ComponentProps } from "react";

/** A named region that scrolls by itself and is reached by keyboard for that. */
export function ScrollRegion({
  label,
  ...rest
}: Omit<ComponentProps<"section">, "aria-label" | "tabIndex"> & { label: string }) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
  return <section tabIndex={0} aria-label={label} data-print="grow" {...rest} />;
}
