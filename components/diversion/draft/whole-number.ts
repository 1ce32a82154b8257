/** Parses a typed number; anything else becomes NaN, which the schema rejects. */
export function wholeNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

export function wholeText(value: number): string {
  return Number.isNaN(value) ? '' : String(value);
}
