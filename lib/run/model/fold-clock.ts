import type { RunRecord } from './fold-run';
import type { RunEvent, RunState, RunView, Sample } from './model';

/** The number of rounds sent to a page: enough for a line of one point per pixel or two. */
const samplesShown = 360;

function ofType<T extends RunEvent['type']>(events: readonly RunEvent[], type: T) {
  return events.filter((e): e is Extract<RunEvent, { type: T }> => e.type === type);
}

/** Returns every n-th of the older rounds, so that they fit; the newest is always included. */
function thinned(samples: readonly Sample[]): readonly Sample[] {
  const nth = Math.ceil(samples.length / samplesShown);
  return samples.filter((_, index) => (samples.length - 1 - index) % nth === 0);
}

/** Returns the lateness of the first call of the divert, by the run's clock. */
function getLateness(run: RunRecord): number | null {
  if (run.cutover === null) return null;
  const divert = new Set(run.plan.steps.flatMap((s) => (s.phase === 'divert' ? [s.id] : [])));
  const first = ofType(run.events, 'intent').find((e) => e.direction === 'apply' && divert.has(e.stepId));
  return first === undefined ? null : Date.parse(first.at) - Date.parse(run.cutover.t0);
}

const waits: readonly RunState[] = ['scheduled', 'ready', 'asking', 'holding', 'paused', 'held'];

/** Returns the page's view of a run's clock, commands and measures. */
export function foldClock(
  run: RunRecord,
  current: readonly RunEvent[],
  state: RunState,
): Pick<RunView, 'said' | 'turned' | 'gate' | 'latenessMs' | 'checked' | 'refused' | 'samples'> {
  const turned = ofType(current, 'turned').at(-1);
  const checked = ofType(current, 'checked').at(-1);
  const gate = current.findLast((e) => e.type === 'gate' || e.type === 'passed' || e.type === 'turned');
  const said = current.findLast((e) => e.type === 'paused' || e.type === 'closed');
  const isSaid = said !== undefined && (state === 'paused' || state === 'closed');
  return {
    said: isSaid
      ? {
          at: said.at,
          actor: said.actor,
          reason: said.reason ?? '',
          isStop: said.type === 'paused' && said.by === 'emergencyStop',
        }
      : null,
    turned: turned ? { at: turned.at, why: turned.why } : null,
    gate: gate?.type === 'gate' && waits.includes(state) ? { gate: gate.gate, due: gate.due } : null,
    latenessMs: getLateness(run),
    checked: checked ? { at: checked.at, problems: checked.problems } : null,
    refused: ofType(current, 'refused').map(({ at, command, actor, state: where }) => ({
      at,
      command,
      actor,
      state: where,
    })),
    samples: thinned(ofType(run.events, 'watched').map((e) => e.sample)),
  };
}
