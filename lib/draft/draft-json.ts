/* A draft has NaN where a number is typed that is none, and JSON has no NaN: it travels as an object that no draft has. */

const notANumber = '$nan';

function isMark(value: unknown): boolean {
  return typeof value === 'object' && value !== null && notANumber in value;
}

/** Returns the JSON of a value that may contain drafts. */
export function writeDraftJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'number' && Number.isNaN(part) ? { [notANumber]: true } : part,
  );
}

/**
 * Reads what `writeDraftJson` has written.
 * @throws SyntaxError if the text is not JSON
 */
export function readDraftJson(text: string): unknown {
  return JSON.parse(text, (_key, part: unknown) => (isMark(part) ? Number.NaN : part));
}
