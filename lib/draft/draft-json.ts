/*
 * A draft holds NaN where the typed text is not a number. JSON has no NaN, so it is sent as an object that no draft
 * contains.
 */

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
