import type { DatedBinding } from './binding-query';
import type { BoundThing } from './bindings';
import { toCsv } from './csv';

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
