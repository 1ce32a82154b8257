import { normalQuantile } from '@/lib/capacity/queueing/normal';
import type { DurationSpec } from '@/lib/capacity/queueing/service-time';
import { lognormalParameters } from '@/lib/capacity/queueing/service-time';
import { functionHeader, handlerMsHeader } from '@/lib/rehearsal/http/traffic/echo-headers';
import type { SeededRandom } from '@/lib/rehearsal/seeded-random';
import type { FunctionRuntime } from '@/lib/sandbox/functions/runtime';
import type { FunctionCode } from '@/lib/sandbox/functions/runtimes/invocation';
import type { FunctionInvocation } from '@/lib/sandbox/world/invoker';

/** An echo is a text: longer events are shortened to this many characters. */
const echoMax = 4000;

type Instances = { busy: number; idleSince: number[]; warm: number };

/** The figures of all functions since they were last taken. */
export type EchoUse = {
  /** The most calls at once. */
  readonly busyMost: number;
  readonly coldStarts: number;
};

export type EchoRuntimeParts = {
  /** The duration of a function's calls, by `region` and name. */
  readonly findDuration: (code: Pick<FunctionCode, 'region' | 'namespace' | 'name'>) => DurationSpec;
  /** The time to start an instance, of the machine, in ms. */
  readonly coldStartMs: number;
  /** The time for which an idle instance is kept, of the rehearsal, in ms. */
  readonly idleMs: number;
  readonly random: SeededRandom;
  /** Epoch ms of the rehearsal's clock. */
  readonly nowMs: () => number;
  /** The texts that the routes of a function (`region/namespace/name`) expect in its responses. */
  readonly expectedTexts: (key: string) => readonly string[];
  /** True while a function (`region/namespace/name`) is made to fail. */
  readonly isDown: (key: string) => boolean;
};

/** Draws a duration, in ms. */
export function drawDuration(spec: DurationSpec, draw: number): number {
  if (spec.kind === 'fixed') return spec.ms;
  // Neither end of the distribution has a value.
  const p = Math.min(0.9999, Math.max(0.0001, draw));
  if (spec.kind === 'lognormal') {
    const { mu, sigma } = lognormalParameters(spec.meanMs, spec.p95Ms);
    return Math.exp(mu + sigma * normalQuantile(p));
  }
  const { points } = spec;
  const next = points.findIndex((point) => point.p >= p);
  const [before, after] = [points[next - 1], points[next]];
  if (after === undefined) return points.at(-1)?.ms ?? 0;
  if (before === undefined) return after.ms;
  return before.ms + ((after.ms - before.ms) * (p - before.p)) / (after.p - before.p);
}

/**
 * Runs every function as an echo: it answers with the event that the load balancer made of the request and the texts that
 * probes expect of it, after the time that a call takes in the scenario. It stands for code that a snapshot does not have,
 * and starts no process.
 */
export class EchoRuntime implements FunctionRuntime {
  readonly facts = Promise.resolve({
    python: null,
    pyodide: false,
    node: null,
    isolation: 'jail',
    weakerBecause: null,
    jailOnly: false,
    systemCalls: 'filtered',
    totalMemory: 'each',
  } as const);
  readonly #parts: EchoRuntimeParts;
  readonly #versions = new Map<string, Instances>();
  readonly #timers = new Set<() => void>();
  #busy = 0;
  #busyMost = 0;
  #coldStarts = 0;

  constructor(parts: EchoRuntimeParts) {
    this.#parts = parts;
  }

  /** Returns the figures since the last call. */
  takeUse(): EchoUse {
    const use = { busyMost: this.#busyMost, coldStarts: this.#coldStarts };
    this.#busyMost = this.#busy;
    this.#coldStarts = 0;
    return use;
  }

  async problem(): Promise<null> {
    return null;
  }

  async keepWarm(wanted: Parameters<FunctionRuntime['keepWarm']>[0]): Promise<void> {
    for (const instances of this.#versions.values()) instances.warm = 0;
    for (const { code, count } of wanted) this.#instances(code).warm = count;
  }

  async invoke(code: FunctionCode, event: unknown): Promise<FunctionInvocation> {
    const { nowMs, idleMs, coldStartMs, findDuration, random, expectedTexts, isDown } = this.#parts;
    const key = `${code.region}/${code.namespace}/${code.name}`;
    const instances = this.#instances(code);
    instances.idleSince = instances.idleSince.filter((since) => since > nowMs() - idleMs);
    const isWarm = instances.busy < instances.warm || instances.idleSince.pop() !== undefined;
    instances.busy += 1;
    this.#busy += 1;
    this.#busyMost = Math.max(this.#busyMost, this.#busy);
    try {
      if (!isWarm) {
        this.#coldStarts += 1;
        await this.#pause(coldStartMs);
      }
      const drawn = drawDuration(findDuration(code), random.next());
      const limitMs = code.timeoutS * 1000;
      const durationMs = Math.min(drawn, limitMs);
      await this.#pause(durationMs);
      const ran = { coldStart: !isWarm, durationMs, memoryMb: code.memoryMb, log: '' };
      if (isDown(key)) return { ...ran, result: { kind: 'userError', message: 'The function fails.' } };
      if (drawn > limitMs) return { ...ran, result: { kind: 'timeout', timeoutS: code.timeoutS } };
      const value = {
        isBase64Encoded: false,
        statusCode: 200,
        headers: {
          'Content-Type': 'text/plain; charset=utf-8',
          [functionHeader]: key,
          [handlerMsHeader]: String(Math.round(durationMs * 10) / 10),
        },
        // The texts as they are: JSON would escape some characters.
        body: [
          JSON.stringify({ function: key, version: code.version, event: shown(event) }),
          ...expectedTexts(key),
        ].join('\n'),
      };
      return { ...ran, result: { kind: 'answer', value, json: JSON.stringify(value) } };
    } finally {
      instances.busy -= 1;
      this.#busy -= 1;
      instances.idleSince.push(nowMs());
    }
  }

  async stop(): Promise<void> {
    for (const end of this.#timers) end();
  }

  #instances({ uin, region, namespace, name, version }: FunctionCode): Instances {
    const key = `${uin}/${region}/${namespace}/${name}/${version}`;
    const known = this.#versions.get(key) ?? { busy: 0, idleSince: [], warm: 0 };
    this.#versions.set(key, known);
    return known;
  }

  /** Waits in the machine's time; `stop` ends it early. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#timers.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#timers.add(end);
    });
  }
}

function shown(event: unknown): unknown {
  const text = JSON.stringify(event) ?? 'null';
  return text.length <= echoMax ? event : `${text.slice(0, echoMax)}…`;
}
