import type { ParamValue, WriteCall } from '@/lib/estate/call';
import { groupBy } from '@/lib/estate/look-up';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import { canonicalState, objectKey } from '@/lib/estate/object-state';
import type { Probe } from '@/lib/estate/probe';
import { targetName } from '@/lib/estate/target';
import type { Step, WriteStep } from '@/lib/plan/model/model';
import { type Made, shellWord, type Word } from './made';
import { commentText, shellQuote } from './shell-quote';

/**
 * A request as JSON with placeholders: `{{1}}` marks the first of `lacks`. Words that begin with `=` are values, others
 * are names of ids of the last read.
 */
type RequestBody = { readonly text: string; readonly lacks: readonly Word[] };

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * Returns a text as a JSON string of plain ASCII, for any locale. Escapes braces, so that `{{1}}` can't come from a
 * value, and backticks, which end a literal in JMESPath (https://jmespath.org/specification.html#literal-expressions).
 */
function jsonString(text: string): string {
  return JSON.stringify(text).replace(/[^ -~]|[{}`]/g, escaped);
}

/** Returns a value as JSON, for the script's own requests and filters. */
function jsonWord(value: string, made: Made): Word {
  const word = made.word(value);
  return word.every((part) => typeof part === 'string') ? [jsonString(value)] : ['"', ...word, '"'];
}

/**
 * Returns the parameters of a call as the JSON that tccli's `--cli-input-json` takes. DNSPod ids are numbers, others
 * are texts.
 */
export function requestBody(
  { service, params }: Pick<WriteCall, 'service' | 'params'>,
  made: Made,
): RequestBody {
  const lacks: Word[] = [];
  const token = (word: Word) => {
    const key = JSON.stringify(word);
    const known = lacks.findIndex((each) => JSON.stringify(each) === key);
    return `{{${known >= 0 ? known + 1 : lacks.push(word)}}}`;
  };
  const id = (name: string) => {
    const mark = token(made.words(name));
    return service === 'dnspod' ? mark : `"${mark}"`;
  };
  const text = (value: string) => {
    const word = made.word(value);
    return word.every((part) => typeof part === 'string') ? jsonString(value) : `"${token(['=', ...word])}"`;
  };
  const write = (value: ParamValue, indent: string): string => {
    if (typeof value === 'string') return text(value);
    if (typeof value !== 'object') return JSON.stringify(value);
    const deeper = `${indent}  `;
    const block = (open: string, lines: readonly string[], close: string) =>
      lines.length === 0
        ? open + close
        : `${open}\n${deeper}${lines.join(`,\n${deeper}`)}\n${indent}${close}`;
    if (Array.isArray(value))
      return block(
        '[',
        value.map((inner: ParamValue) => write(inner, deeper)),
        ']',
      );
    if ('$id' in value && typeof value.$id === 'string') return id(value.$id);
    const entries = Object.entries(value as Readonly<Record<string, ParamValue>>);
    return block(
      '{',
      entries.map(([name, inner]) => `${jsonString(name)}: ${write(inner, deeper)}`),
      '}',
    );
  };
  return { text: write(params, ''), lacks };
}

/** The apply or rollback steps of a plan, and the objects that the apply creates. */
export class StepList {
  readonly #writes: ReadonlyMap<string, readonly WriteStep[]>;

  constructor(
    readonly steps: readonly Step[],
    readonly made: Made,
  ) {
    const writes = steps.filter((step) => step.kind === 'write');
    this.#writes = groupBy(writes, ({ object }) => [objectKey(object)]);
  }

  /** Returns the writes to an object, in their order. */
  writesTo(object: ObjectRef): readonly WriteStep[] {
    return this.#writes.get(objectKey(object)) ?? [];
  }
}

/** Returns a command with its arguments, each quoted. */
function command(name: string, ...args: readonly (string | Word)[]): string {
  return [name, ...args.map((arg) => (typeof arg === 'string' ? shellQuote(arg) : shellWord(arg)))].join(' ');
}

/** Returns the command that selects the object of a step. */
export function objectCommand(ref: ObjectRef, made: Made): string {
  const json = (value: string) => jsonWord(value, made);
  switch (ref.kind) {
    case 'rule': {
      const { region, loadBalancerId, listenerId, domain, url } = ref;
      return command('rule', region, ...[loadBalancerId, listenerId, domain, url].map(json));
    }
    case 'recordSet': {
      const { zone, subdomain, lineId } = ref;
      return command('records', ...[zone, subdomain, lineId].map(json), subdomain);
    }
    case 'loadBalancer':
      return command('load_balancer', ref.region, json(ref.name));
    case 'listener':
      return command('listener', ref.region, json(ref.loadBalancerId), json(ref.protocol), String(ref.port));
    case 'provisioned': {
      const { region, namespace, name, qualifier } = ref;
      return command('provisioned', region, ...[namespace, name, qualifier].map(json));
    }
  }
}

function callCommand(call: WriteCall, made: Made): string {
  const { text, lacks } = requestBody(call, made);
  const line = command('call', call.service, call.action, call.region ?? '', ...lacks);
  return `${line} <<'JSON'\n${text}\nJSON`;
}

/**
 * Returns the states to which later steps of the list bring the same object: it may already be in one of them when the
 * script is run again.
 */
function laterStates(step: WriteStep, list: StepList): readonly (readonly Word[])[] {
  const writes = list.writesTo(step.object);
  return writes.slice(writes.indexOf(step) + 1).map(({ after }) => stateTexts(after, list.made));
}

function writeLines(step: WriteStep, list: StepList): readonly string[] {
  const { made } = list;
  const { object, before, after, call, undoes } = step;
  const kept = made.keepings.find((keeping) => keeping.step === step);
  const canGo = object.kind !== 'recordSet' && object.kind !== 'provisioned';
  return [
    objectCommand(object, made),
    command('before', ...stateTexts(before, made)),
    command('after', ...stateTexts(after, made)),
    ...laterStates(step, list).map((texts) => command('or_later', ...texts)),
    ...(undoes !== null && canGo ? ['or_gone'] : []),
    ...(/^Delete(LoadBalancer|Listener)$/.test(call.action) ? ['only_empty'] : []),
    callCommand(call, made),
    ...(kept === undefined ? [] : [command('keep', ...kept.names)]),
  ];
}

function probeCommand(probe: Probe, withinMs: number, made: Made): string {
  const ask = (name: string, ...args: readonly (string | Word)[]) =>
    command('until_right', String(Math.ceil(withinMs / 1000)), name, ...args);
  switch (probe.kind) {
    case 'dns': {
      const value = made.word(probe.expect.value);
      const plain = value.map((part) =>
        typeof part === 'string' ? part.toLowerCase().replace(/\.$/, '') : part,
      );
      return ask('answers_name', probe.name, probe.type, plain);
    }
    case 'ready': {
      const { region, namespace, name, qualifier, expect } = probe;
      const json = [namespace, name, qualifier].map((value) => jsonWord(value, made));
      return ask('answers_ready', region, ...json, String(expect.instances));
    }
    case 'http': {
      const { scheme, host, port, address, path, expect } = probe;
      const text = expect.bodyContains === null ? [] : [expect.bodyContains];
      const to = made.word(address);
      return ask('answers_http', scheme, host, String(port), to, path, String(expect.status), ...text);
    }
  }
}

/**
 * Returns the checks after a wait: DNS must be unchanged since the previous steps, because the old backend is about to
 * be removed.
 */
function stillLines(step: Step, { steps, made }: StepList): readonly string[] {
  const last = new Map<string, WriteStep>();
  for (const each of steps.slice(0, steps.indexOf(step)))
    if (each.kind === 'write' && each.object.kind === 'recordSet') last.set(objectKey(each.object), each);
  return [...last.values()].flatMap((each) => [
    objectCommand(each.object, made),
    command('after', ...stateTexts(each.after, made)),
    'still',
  ]);
}

function stepLines(step: Step, list: StepList): readonly string[] {
  switch (step.kind) {
    case 'write':
      return writeLines(step, list);
    case 'probe':
      return [probeCommand(step.probe, step.withinMs, list.made)];
    case 'bake':
      return [
        command(
          'wait_for',
          String(Math.max(step.bakeS, step.oldTtlS)),
          step.phase === 'drain'
            ? 'for old answers and kept connections to be gone'
            : 'for old answers to expire and what has moved to prove itself',
        ),
      ];
    case 'drain':
      return [
        command(
          'wait_for',
          // The script has no schedule: every move it makes is permanent.
          String(Math.max(step.oldTtlS, step.restoredTtlS ?? 0) + step.keepAliveS),
          'for old answers and kept connections to be gone',
        ),
        ...stillLines(step, list),
      ];
  }
}

/**
 * Returns one step of a plan as lines of the script.
 * @param words the step in words
 * @param list the whole list that contains it
 */
export function stepProgram(step: Step, words: string, list: StepList): string {
  const title = commentText(words);
  return [
    `# ${commentText(`${step.id}, ${step.phase}: ${words}`)}`,
    command('step', step.id, title),
    ...stepLines(step, list),
  ].join('\n');
}

function texts(state: ObjectState): readonly string[] {
  switch (state.kind) {
    case 'recordSet':
      if (state.records.length === 0) return ['no records'];
      return state.records.map(
        ({ type, value, ttlS, weight, enabled }) =>
          `${type} ${value} TTL ${ttlS} weight ${weight ?? 0} ${enabled ? 'ENABLE' : 'DISABLE'}`,
      );
    case 'rule':
      if (!state.exists) return ['no rule'];
      return [
        'rule',
        ...state.targets.map(
          (target) => `target ${targetName(target)}:${target.port} weight ${target.weight}`,
        ),
        ...state.functions.map(
          ({ namespace, name, qualifier, weight }) =>
            `function ${namespace}/${name}:${qualifier} weight ${weight}`,
        ),
      ];
    case 'loadBalancer':
      if (state.count === 0) return ['no load balancer'];
      if (state.count > 1) return [`${state.count} load balancers`];
      return [`load balancer ${state.network} in ${state.vpcId ?? 'no VPC'}`];
    case 'listener':
      if (!state.exists) return ['no listener'];
      return [`listener with ${state.certificateId ?? 'no certificate'}`];
    case 'provisioned':
      return [`${state.instances} instances`];
  }
}

/**
 * Returns a state as the lines that the script produces from what it reads (`readProgram`): two states are equal if
 * these lines are.
 */
function stateTexts(state: ObjectState, made: Made): readonly Word[] {
  return texts(canonicalState(state)).map((line) => made.words(line));
}
