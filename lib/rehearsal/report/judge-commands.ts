import type { GivenCommand } from '@/lib/rehearsal/run/rehearsal-run';
import type { RunEvent } from '@/lib/run/model/model';
import type { ClientErrors } from './client-errors';
import { rounded } from './recorder';
import type { CommandReport, TimelineEntry } from './report';

/** Clients notice what a command did within this time, in ms. */
const clientsWithinMs = 60_000;

type Answer = CommandReport['answer'];

/** The events by which a run answers a command. */
const answers: Readonly<Partial<Record<RunEvent['type'], Answer>>> = {
  paused: 'paused',
  continued: 'continued',
  bakeSkipped: 'bakeSkipped',
  rollback: 'rolledBack',
  closed: 'leftAsIs',
  refused: 'refused',
};

/** Returns the answer of the run to a command, and its place among the events; null = there is none. */
function findAnswer(
  { id, effect, command }: GivenCommand,
  events: readonly RunEvent[],
  index: number,
): { readonly answer: Answer; readonly place: number | null } {
  switch (effect) {
    case 'refused':
      return { answer: 'refused', place: null };
    case 'closed':
      return { answer: 'leftAsIs', place: index };
    case 'attempt':
      return { answer: command.kind === 'rollback' ? 'rolledBack' : 'retried', place: index };
    case 'sent': {
      const taken = events.findIndex((event) => event.type === 'command' && event.id === id);
      if (taken < 0) return { answer: 'ignored', place: null };
      const place = events.findIndex((event, at) => at > taken && answers[event.type] !== undefined);
      const found = events[place];
      return found === undefined
        ? { answer: 'ignored', place: null }
        : { answer: answers[found.type] ?? 'ignored', place };
    }
  }
}

/** Returns each command with how the run answered, and what clients noticed. */
export function judgeCommands(
  given: readonly GivenCommand[],
  events: readonly RunEvent[],
  clients: ClientErrors,
  t0Ms: number,
): readonly CommandReport[] {
  return given.map((each) => {
    const { command, atMs, state } = each;
    const first = events.findIndex(({ at }) => Date.parse(at) >= atMs);
    const { answer, place } = findAnswer(each, events, first);
    const answered = place === null ? undefined : events[place];
    const secondsAfter = ({ at }: RunEvent) => Math.max(0, (Date.parse(at) - atMs) / 1000);
    const complete =
      answer === 'rolledBack' && place !== null
        ? events.find(
            (event, at) => at >= place && event.type === 'finished' && event.result === 'rolledBack',
          )
        : undefined;
    const last = complete ?? answered;
    const untilMs = (last === undefined ? atMs : Math.max(atMs, Date.parse(last.at))) + clientsWithinMs;
    return {
      kind: command.kind,
      atS: (atMs - t0Ms) / 1000,
      state,
      answer,
      afterS: answered === undefined ? null : secondsAfter(answered),
      completeAfterS: complete === undefined ? null : secondsAfter(complete),
      failedRequests: rounded(clients.countBetween(atMs, untilMs)),
    };
  });
}

/** Returns the commands that the run's own events don't show: those refused, and those that start an attempt or end it. */
export function listCommandEntries(given: readonly GivenCommand[], t0Ms: number): readonly TimelineEntry[] {
  return given.flatMap(({ command, atMs, state, effect }): readonly TimelineEntry[] => {
    if (effect === 'sent') return [];
    return [
      {
        at: new Date(atMs).toISOString(),
        atS: (atMs - t0Ms) / 1000,
        direction: 'apply',
        code: effect === 'refused' ? 'refused' : 'command',
        stepId: null,
        values: { command: command.kind, state },
      },
    ];
  });
}
