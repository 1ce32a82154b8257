import type { Reading } from '@/lib/cloud/port';
import { noListener, noLoadBalancer } from '@/lib/estate/object';
import type { Plan, WriteStep } from '@/lib/plan/model';
import type { RunEvent } from './model';
import type { StepContext } from './step-context';
import { symbolsOf } from './symbols';

/** Ids by which a made object is told from another one of its name; an address may change. */
const ownIds = ['LoadBalancerId', 'ListenerId'] as const;

/** The ids that the journal knows of what a step has made, or of what the step has made that it undoes. */
function knownIds(
  step: WriteStep,
  plan: Plan,
  events: readonly RunEvent[],
): readonly (readonly [string, string])[] {
  const maker = step.undoes === null ? step : plan.steps.find(({ id }) => id === step.undoes);
  if (maker?.kind !== 'write' || maker.yields === undefined) return [];
  const { yields } = maker;
  const symbols = symbolsOf(events);
  return ownIds.flatMap((name) => {
    const known = symbols.get(yields[name] ?? '');
    return known === undefined ? [] : [[name, known] as const];
  });
}

function absent({ state, at }: Reading): Reading {
  return { state: state.kind === 'listener' ? noListener : noLoadBalancer, ids: {}, at };
}

/**
 * Under the name of a load balancer or listener that this run has made, nothing but that very one counts. When it is gone and
 * somebody has made another one of its name, ours is gone, and theirs is not ours to delete.
 */
export function ownOnly(step: WriteStep, context: StepContext, events: readonly RunEvent[]): StepContext {
  const known = knownIds(step, context.plan, events);
  if (known.length === 0) return context;
  const read: StepContext['cloud']['read'] = async (ref) => {
    const reading = await context.cloud.read(ref);
    // Several of one name are a state of their own.
    const isSeveral = reading.state.kind === 'loadBalancer' && reading.state.count > 1;
    return isSeveral || known.every(([name, id]) => reading.ids[name] === id) ? reading : absent(reading);
  };
  return { ...context, cloud: { ...context.cloud, read } };
}
