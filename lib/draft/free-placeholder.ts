/**
 * Returns the placeholder of a resource until it is created: its name, plus a number if another resource, renamed
 * since, already has that placeholder. A changed resource keeps its placeholder, because routes name it.
 */
export function freePlaceholder(wanted: string, taken: readonly { readonly id: string }[]): string {
  const isTaken = (placeholder: string) => taken.some(({ id }) => id === placeholder);
  let placeholder = wanted;
  for (let n = 2; isTaken(placeholder); n += 1) placeholder = `${wanted}.${n}`;
  return placeholder;
}
