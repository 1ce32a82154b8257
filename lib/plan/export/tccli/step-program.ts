import type { WriteCall } from '@/lib/estate/call';
import { type ObjectRef, objectKey } from '@/lib/estate/object';
import type { Probe } from '@/lib/estate/probe';
import type { Step, WriteStep } from '../../model';
import { jsonString, requestBody } from './request-body';
import { commentText, shellQuote } from './shell-quote';
import { stateTexts } from './state-texts';

/** A command with its arguments, each quoted. */
function command(name: string, ...args: readonly string[]): string {
  return [name, ...args.map(shellQuote)].join(' ');
}

/** What this script does not do: said before anything is sent. */
const beyond =
  'this script makes no load balancers, listeners or warm instances: apply the plan with Spillway';

/** The line that refuses a list of steps with something that the script can't do; null where it can do all. */
export function refusalOf(steps: readonly Step[]): string | null {
  const isBeyond = steps.some(
    (step) =>
      (step.kind === 'write' && step.object.kind !== 'rule' && step.object.kind !== 'recordSet') ||
      (step.kind === 'probe' && step.probe.kind === 'ready'),
  );
  return isBeyond ? command('refuse', beyond) : null;
}

function objectCommand(ref: ObjectRef): string {
  if (ref.kind === 'rule') {
    const { region, loadBalancerId, listenerId, domain, url } = ref;
    return command('rule', region, ...[loadBalancerId, listenerId, domain, url].map(jsonString));
  }
  if (ref.kind !== 'recordSet') return command('refuse', beyond);
  const { zone, subdomain, lineId } = ref;
  return command('records', ...[zone, subdomain, lineId].map(jsonString), subdomain);
}

function callCommand(call: WriteCall): string {
  const { text, ids } = requestBody(call);
  const line = command('call', call.service, call.action, call.region ?? '', ...ids);
  return `${line} <<'JSON'\n${text}\nJSON`;
}

/** Where later steps of the list lead the same object: it may be there already when the script is run again. */
function laterStates(step: WriteStep, steps: readonly Step[]): readonly (readonly string[])[] {
  const key = objectKey(step.object);
  return steps
    .slice(steps.indexOf(step) + 1)
    .flatMap((later) =>
      later.kind === 'write' && objectKey(later.object) === key ? [stateTexts(later.after)] : [],
    );
}

function writeLines(step: WriteStep, steps: readonly Step[]): readonly string[] {
  return [
    objectCommand(step.object),
    command('before', ...stateTexts(step.before)),
    command('after', ...stateTexts(step.after)),
    ...laterStates(step, steps).map((texts) => command('or_later', ...texts)),
    ...(step.undoes !== null && step.object.kind === 'rule' ? ['or_gone'] : []),
    callCommand(step.call),
  ];
}

function probeCommand(probe: Probe, withinMs: number): string {
  const within = String(Math.ceil(withinMs / 1000));
  if (probe.kind === 'dns') {
    const value = probe.expect.value.toLowerCase().replace(/\.$/, '');
    return command('until_right', within, 'answers_name', probe.name, probe.type, value);
  }
  if (probe.kind === 'ready') return command('refuse', beyond);
  const { scheme, host, port, address, path, expect } = probe;
  const args = [scheme, host, String(port), address, path, String(expect.status)];
  const text = expect.bodyContains === null ? [] : [expect.bodyContains];
  return command('until_right', within, 'answers_http', ...args, ...text);
}

/** After a wait DNS must still be as the steps before it have left it: what answers it leads to is about to go. */
function stillLines(step: Step, steps: readonly Step[]): readonly string[] {
  const last = new Map<string, WriteStep>();
  for (const each of steps.slice(0, steps.indexOf(step)))
    if (each.kind === 'write' && each.object.kind === 'recordSet') last.set(objectKey(each.object), each);
  return [...last.values()].flatMap((each) => [
    objectCommand(each.object),
    command('after', ...stateTexts(each.after)),
    'still',
  ]);
}

function stepLines(step: Step, steps: readonly Step[]): readonly string[] {
  switch (step.kind) {
    case 'write':
      return writeLines(step, steps);
    case 'probe':
      return [probeCommand(step.probe, step.withinMs)];
    case 'bake':
      return [
        command(
          'wait_for',
          String(Math.max(step.bakeS, step.oldTtlS)),
          'for old answers to expire and what has moved to prove itself',
        ),
      ];
    case 'drain':
      return [
        command(
          'wait_for',
          String(step.oldTtlS + step.keepAliveS),
          'for old answers and kept connections to be gone',
        ),
        ...stillLines(step, steps),
      ];
  }
}

/**
 * One step of a plan as lines of the script.
 * @param words the step in words
 * @param steps the whole list that it is of
 */
export function stepProgram(step: Step, words: string, steps: readonly Step[]): string {
  const title = commentText(words);
  return [
    `# ${commentText(`${step.id}, ${step.phase}: ${words}`)}`,
    command('step', step.id, title),
    ...stepLines(step, steps),
  ].join('\n');
}
