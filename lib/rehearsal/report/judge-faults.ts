import type { RehearsalFault } from '@/lib/rehearsal/input';
import type { RunEvent } from '@/lib/run/model/model';
import type { ClientErrors } from './client-errors';
import { codeRollback, codeStop } from './list-timeline';
import { rounded } from './recorder';
import type { FaultReport } from './report';

/** A fault that was injected, and when, on the cloud's clock. */
export type PastFault = {
  readonly fault: RehearsalFault;
  readonly atMs: number;
  readonly object: string | null;
};

/** The run's answer to a fault may take this long after its end, in ms. */
const answerWithinMs = 180_000;
const clientsWithinMs = 60_000;

type Answer = Pick<FaultReport, 'answer' | 'values'>;

/** Returns how the run answered within a span: the gravest of its events. */
function findAnswer({ fault, object }: PastFault, events: readonly RunEvent[]): Answer {
  if (object === null) return { answer: 'noTarget', values: {} };
  const rollback = events.find(
    (event) => event.type === 'rollback' && event.why.kind !== 'T1' && event.why.kind !== 'command',
  );
  if (rollback?.type === 'rollback') {
    const { code, values } = codeRollback(rollback.why);
    return { answer: 'rolledBack', values: { ...values, reason: code } };
  }
  const stopped = events.find((event) => event.type === 'stopped');
  if (stopped?.type === 'stopped') {
    const { code, values } = codeStop(stopped.reason);
    return { answer: 'stopped', values: { ...values, reason: code } };
  }
  if (fault.kind === 'workerCrash') return { answer: 'workerReplaced', values: {} };
  const recovered = events.find((event) => event.type === 'recovered');
  if (recovered?.type === 'recovered') {
    const awayMs = Date.parse(recovered.at) - Date.parse(recovered.since);
    return { answer: 'recovered', values: { awayMs } };
  }
  const retries = events.filter(({ type }) => type === 'retrying').length;
  if (retries > 0) return { answer: 'retried', values: { times: retries } };
  const failed = events.filter(
    (event) =>
      event.type === 'callFailed' ||
      (event.type === 'probed' && !event.answer.passed) ||
      (event.type === 'watched' && event.sample.probes.some(({ passed }) => !passed)),
  ).length;
  return failed > 0
    ? { answer: 'failedCalls', values: { times: failed } }
    : { answer: 'unnoticed', values: {} };
}

/** Faults that wait for a call, and the codes by which the run sees them. */
const waitingFor: Readonly<Partial<Record<RehearsalFault['kind'], RegExp>>> = {
  taskFails: /^Task\.Failed$/,
  responseLost: /^Network\./,
};

/** Returns the span of a fault: from its beginning, or from the call that it has hit. */
function getSpan({ fault, atMs }: PastFault, events: readonly RunEvent[]): readonly [number, number] {
  const code = waitingFor[fault.kind];
  if (code === undefined) return [atMs, atMs + fault.forS * 1000];
  const hit = events.find(
    (event) => Date.parse(event.at) >= atMs && event.type === 'callFailed' && code.test(event.error.code),
  );
  const hitMs = hit === undefined ? atMs : Date.parse(hit.at);
  return [hitMs, hitMs];
}

/** Returns each fault with how the run answered, and what clients noticed. */
export function judgeFaults(
  past: readonly PastFault[],
  events: readonly RunEvent[],
  clients: ClientErrors,
  t0Ms: number,
): readonly FaultReport[] {
  return past.map((each) => {
    const { fault, atMs, object } = each;
    const [fromMs, endMs] = getSpan(each, events);
    const during = events.filter(({ at }) => {
      const ms = Date.parse(at);
      return ms >= fromMs && ms <= endMs + answerWithinMs;
    });
    const { kind, forS, amount } = fault;
    return {
      kind,
      atS: (atMs - t0Ms) / 1000,
      forS,
      amount,
      object,
      ...findAnswer(each, during),
      failedRequests: rounded(clients.countBetween(fromMs, endMs + clientsWithinMs)),
    };
  });
}
