/**
 * Shortens a long text by omitting its middle: errors have the problem at their end and its subject at their start.
 * @param max most characters of the result; at least 10
 */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = Math.floor(max / 4);
  return `${text.slice(0, head)} … ${text.slice(head + 3 - max)}`;
}
