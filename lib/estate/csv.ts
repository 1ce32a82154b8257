/**
 * Whether a program that opens the file would take the text for a formula: it begins with one of these signs.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

function cell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * A table as CSV: https://www.rfc-editor.org/rfc/rfc4180. What a spreadsheet would take for a formula gets an apostrophe
 * before it: names of cloud objects are whatever somebody typed.
 * @param rows the first is the head
 */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
