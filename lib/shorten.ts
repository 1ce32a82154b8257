/**
 * Returns the start of a text: at most `max` UTF-16 units, and never half of a surrogate pair at the end, because the
 * database can't store it (`lib/input/outside-text.ts`).
 */
export function cut(text: string, max: number): string {
  return text.slice(0, /[\ud800-\udbff]/.test(text[max - 1] ?? '') ? max - 1 : max);
}

/**
 * Shortens a long text by omitting its middle: errors have the problem at their end and its subject at their start.
 * @param max most characters of the result; at least 10
 */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = Math.floor(max / 4);
  return `${cut(text, head)} … ${text.slice(head + 3 - max).replace(/^[\udc00-\udfff]/, '')}`;
}
