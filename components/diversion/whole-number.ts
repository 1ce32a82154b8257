/** A number as typed; what is no number becomes NaN, which the schema refuses. */
export function wholeNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

export function wholeText(value: number): string {
  return Number.isNaN(value) ? '' : String(value);
}
