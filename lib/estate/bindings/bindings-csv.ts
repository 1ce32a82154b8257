import type { DatedBinding } from './binding-query';
import type { BoundThing } from './bindings';

const boundText = ({ type, id, text, weight }: BoundThing) =>
  [
    ...(type === null || type === 'CVM' ? [] : [type]),
    text,
    ...(id === null ? [] : [`(${id})`]),
    ...(weight === null ? [] : [`weight ${weight}`]),
  ].join(' ');

const columns: readonly (readonly [string, (binding: DatedBinding) => string])[] = [
  ['region', ({ region }) => region],
  ['load_balancer_id', ({ loadBalancerId }) => loadBalancerId],
  ['load_balancer', ({ loadBalancer }) => loadBalancer],
  ['listener_id', ({ listenerId }) => listenerId],
  ['listener', ({ listener }) => listener],
  ['rule_id', ({ list, id }) => (list === 'rules' ? id : '')],
  ['domains', ({ domains }) => domains.join(' ')],
  ['url', ({ url }) => url ?? ''],
  ['kind', ({ kind }) => kind],
  ['bound_to', ({ bound }) => bound.map(boundText).join('; ')],
  ['health', ({ health }) => health],
  ['dns_names', ({ dnsNames }) => dnsNames.join(' ')],
  ['last_change', ({ changedAt }) => changedAt ?? ''],
];

/** Formats bindings as CSV, one line each below the column names. Times are UTC. */
export function bindingsCsv(bindings: readonly DatedBinding[]): string {
  return toCsv([
    columns.map(([name]) => name),
    ...bindings.map((binding) => columns.map(([, read]) => read(binding))),
  ]);
}

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
