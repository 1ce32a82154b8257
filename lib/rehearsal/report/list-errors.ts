import type { RunEvent } from '@/lib/run/model/model';
import type { ClientErrors } from './client-errors';
import { rounded } from './recorder';
import type { ReportError } from './report';

type Found = { count: number; first: string; last: string; where: string };

function add(found: Map<string, Found>, cause: string, at: string, where: string): void {
  const known = found.get(cause);
  if (known === undefined) found.set(cause, { count: 1, first: at, last: at, where });
  else {
    known.count += 1;
    known.last = at;
  }
}

/** Returns the errors of a rehearsal by cause and by who saw them. */
export function listErrors(given: {
  readonly clients: ClientErrors;
  readonly attempts: number;
  readonly events: readonly RunEvent[];
  readonly t0Ms: number;
}): readonly ReportError[] {
  const { clients, attempts, events, t0Ms } = given;
  const probes = new Map<string, Found>();
  const calls = new Map<string, Found>();
  let [sentProbes, sentCalls] = [0, 0];
  for (const event of events) {
    if (event.type === 'intent') sentCalls += 1;
    if (event.type === 'callFailed') add(calls, event.error.code, event.at, event.error.action);
    if (event.type === 'retrying') {
      sentCalls += 1;
      const { cause } = event;
      const [error, where] =
        cause.kind === 'cloudError' ? [cause.error.code, cause.error.action] : ['noAnswer', event.stepId];
      add(calls, error, event.at, where);
    }
    if (event.type === 'probed') {
      sentProbes += 1;
      if (!event.answer.passed) add(probes, event.answer.failure ?? '', event.at, event.stepId);
    }
    if (event.type !== 'watched') continue;
    sentProbes += event.sample.probes.length;
    for (const { passed, failure, stepId } of event.sample.probes)
      if (!passed) add(probes, failure ?? '', event.at, stepId);
  }
  const atS = (at: string) => (Date.parse(at) - t0Ms) / 1000;
  const list = (found: ReadonlyMap<string, Found>, seenBy: ReportError['seenBy'], sent: number) =>
    [...found]
      .map(([cause, { count, first, last, where }]) => ({
        cause,
        seenBy,
        count,
        share: rounded(sent === 0 ? 0 : Math.min(1, count / sent)),
        firstAtS: atS(first),
        lastAtS: atS(last),
        where,
      }))
      .toSorted((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1));
  const byClients = clients.list().map(({ cause, count, firstMs, lastMs, host }) => ({
    cause,
    seenBy: 'clients' as const,
    count: rounded(count),
    share: rounded(attempts === 0 ? 0 : count / attempts),
    firstAtS: (firstMs - t0Ms) / 1000,
    lastAtS: (lastMs - t0Ms) / 1000,
    where: host,
  }));
  return [...byClients, ...list(probes, 'probes', sentProbes), ...list(calls, 'run', sentCalls)];
}
