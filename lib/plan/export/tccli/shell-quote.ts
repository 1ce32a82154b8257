/** A text without special characters, which needs no quotes in a shell. */
const plain = /^[A-Za-z0-9_./:@%+][A-Za-z0-9_./:@%+-]*$/;

/**
 * Quotes a text as one word of a POSIX shell. It may contain anything but NUL, which arguments can't contain: nothing
 * is special between single quotes
 * (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_02).
 */
export function shellQuote(text: string): string {
  const word = text.replaceAll('\0', '');
  return plain.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Returns a text for a comment: one line without control characters, so that no part of it can leave the comment. */
export function commentText(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]+/gu, ' ').trim();
}
