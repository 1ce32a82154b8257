/**
 * Texts that a program opening the file would read as a formula: they begin with one of these signs.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

function cell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * Formats a table as CSV: https://www.rfc-editor.org/rfc/rfc4180. Prefixes an apostrophe to what a spreadsheet would
 * read as a formula, because names of cloud objects are free text.
 * @param rows the first is the header
 */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
