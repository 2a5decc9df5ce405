/** Goes where the person continues: to the first control that is marked as wrong, or to what says what is wrong (`data-problem`). */
export function focusFirstProblem(form: HTMLElement | null): void {
  const marked = form?.querySelector<HTMLElement>("[aria-invalid=true], fieldset[data-invalid], [data-problem]");
  const control = marked?.matches("fieldset")
    ? marked.querySelector<HTMLElement>("input, textarea, button, [tabindex='0']")
    : marked;
  control?.focus({ preventScroll: true });
  control?.scrollIntoView({ block: "center" });
}
