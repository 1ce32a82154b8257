/**
 * Shortens a long text by omitting its middle: errors say at their end what went wrong, and at their start what it was
 * about.
 * @param max most characters of the result; at least 10
 */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = Math.floor(max / 4);
  return `${text.slice(0, head)} … ${text.slice(head + 3 - max)}`;
}
