import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { OnWire } from '@/lib/cloud/deps';
import { CloudError } from '@/lib/cloud/errors';
import { parseResolver } from '@/lib/cloud/probe/resolver';
import { type CloudMeasure, cloudMeasures, type MeasuredRoute } from '@/lib/estate/measure';
import type { ProbeAnswer, Prober } from '@/lib/estate/probe';
import { invariant } from '@/lib/invariant';
import type { Plan } from '@/lib/plan/model/model';
import { rehearsalTaskMs } from '@/lib/rehearsal/account/rehearsal-account';
import { drawFaults } from '@/lib/rehearsal/faults/draw-faults';
import { injectFault, isFunctionDown, type LastingFaults } from '@/lib/rehearsal/faults/fault-injection';
import type { HttpTraffic, RehearsalInput } from '@/lib/rehearsal/input';
import { RehearsalCanceledError, type RehearsalOptions } from '@/lib/rehearsal/rehearsal-options';
import { buildReport } from '@/lib/rehearsal/report/build-report';
import { ClientErrors } from '@/lib/rehearsal/report/client-errors';
import type { PastFault } from '@/lib/rehearsal/report/judge-faults';
import { rounded } from '@/lib/rehearsal/report/recorder';
import type { HttpFigures, RehearsalReport } from '@/lib/rehearsal/report/report';
import { countAgents, RehearsalFigures } from '@/lib/rehearsal/run/rehearsal-figures';
import { createRehearsalRules } from '@/lib/rehearsal/run/rehearsal-rules';
import { type GivenCommand, RehearsalRun } from '@/lib/rehearsal/run/rehearsal-run';
import { rehearsalValidator } from '@/lib/rehearsal/run/rehearsal-validator';
import { rehearsalWatcher } from '@/lib/rehearsal/run/rehearsal-watcher';
import { createSeededRandom, type SeededRandom } from '@/lib/rehearsal/seeded-random';
import { countProvisioned, findScenarioFunction } from '@/lib/rehearsal/traffic/function-pools';
import { listBackends } from '@/lib/rehearsal/traffic/list-backends';
import { listHosts } from '@/lib/rehearsal/traffic/list-hosts';
import { MinuteMeasures } from '@/lib/rehearsal/traffic/minute-measures';
import { Moves } from '@/lib/rehearsal/traffic/moves';
import { ServedRoutes } from '@/lib/rehearsal/traffic/served-routes';
import { foldRun } from '@/lib/run/model/fold-run';
import type { RunEvent } from '@/lib/run/model/model';
import { bindPlan, hasPlaceholders } from '@/lib/run/model/placeholders';
import { joinedCloud } from '@/lib/run/steps/run-cloud';
import { EchoRuntime } from './echo-runtime';
import { FastClock } from './fast-clock';
import { type HttpAccount, startHttpAccount } from './http-account';
import { createHttpProber, findOwner } from './http-prober';
import { HttpRecorder, toLatency } from './http-recorder';
import { type HttpTimes, planHttpTimes } from './http-times';
import { AnswerCache, type LookUpCounts } from './traffic/answer-cache';
import { type Attempt, type DialPort, HttpClient, type Requested } from './traffic/http-client';
import { HttpClients } from './traffic/http-clients';

/** The interval at which the state of the copy is sampled, of the machine, in ms. */
const sampleMs = 200;
/** The interval of reports of progress, of the machine, in ms. */
const progressMs = 1000;
/** A run may take this many times as long as was forecast, before the rehearsal ends without it. */
const overtime = 1.5;
/** The client's timeout of a call whose response is lost, in ms: `lib/cloud/tencent/call/clients.ts`. */
const lostMs = 60_000;

/** The input of a rehearsal over HTTP. */
type HttpInput = RehearsalInput & { readonly http: HttpTraffic };

/**
 * Rehearses a plan with real requests: the same plan and executor, with the real adapter, against a private sandbox on
 * loopback with a copy of the snapshot. Clients with DNS caches and connections of their own send HTTP at a bounded
 * rate, in the machine's time; only waits of the plan are shortened. Nothing is sent to any other address than this
 * machine's loopback.
 * @throws RehearsalCanceledError when it is canceled
 */
export async function rehearseHttp(
  input: HttpInput,
  options: RehearsalOptions = {},
): Promise<RehearsalReport> {
  const { plan, cutover, http, scenario, seed } = input;
  const times = planHttpTimes(plan, cutover, http, Date.now());
  const clock = new FastClock(new Date(times.startMs), times.speed);
  const random = createSeededRandom(seed);
  const lasting: LastingFaults = new Map();
  const nowMs = () => Math.round(times.startMs + clock.elapsedMs());
  const texts = listExpectedTexts(plan);
  const runtime = new EchoRuntime({
    findDuration: (code) =>
      (findScenarioFunction(scenario.functions, code) ?? scenario.functions[0])?.duration ?? {
        kind: 'fixed',
        ms: 1,
      },
    coldStartMs: scenario.assumptions['function.coldStartMs'],
    idleMs: scenario.assumptions['function.idleS'] * 1000,
    random: random.fork('functions'),
    nowMs,
    expectedTexts: (key) => texts.get(key) ?? [],
    isDown: (key) => isFunctionDown(lasting, key),
  });
  const lost = { writes: 0 };
  const account = await startHttpAccount({
    estate: input.estate,
    clock,
    runtime,
    onWire: createHttpWire(clock, lost),
  });
  const scene = new HttpRehearsal(input, { times, clock, random, runtime, account, lasting, lost });
  try {
    return await scene.play(options);
  } finally {
    await scene.stop();
    await account.sandbox.stop();
    clock.stop();
  }
}

/** Returns the texts that a plan's routes expect in the responses of each function (`region/namespace/name`). */
function listExpectedTexts({ diversion }: Pick<Plan, 'diversion'>): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, readonly string[]>();
  for (const route of diversion.routes) {
    if (route.to !== 'function') continue;
    const { region, namespace, name } = route.function;
    const key = `${region}/${namespace}/${name}`;
    texts.set(key, [...(texts.get(key) ?? []), route.expectedBody]);
  }
  return texts;
}

/** Creates the wire of the adapter: each call takes the time that it takes; the response of some writes is lost. */
function createHttpWire(clock: FastClock, lost: { writes: number }): OnWire {
  return async ({ action, isWrite }, send) => {
    const response = await clock.duringCall(send);
    if (!isWrite || lost.writes === 0) return response;
    lost.writes -= 1;
    await new Promise<void>((resolve) => void clock.after(lostMs, resolve));
    throw new Error(`network timeout at ${action}`);
  };
}

/** The answer to a probe of an agent whose resolver is silent. */
const unansweredProbe: ProbeAnswer = {
  passed: false,
  latencyMs: 0,
  status: null,
  address: 'resolver',
  body: '',
  failure: 'the resolver does not answer',
  unanswered: true,
};

type Scenery = {
  readonly times: HttpTimes;
  readonly clock: FastClock;
  readonly random: SeededRandom;
  readonly runtime: EchoRuntime;
  readonly account: HttpAccount;
  /** Functions that are made to fail. */
  readonly lasting: LastingFaults;
  /** Writes whose response will be lost. */
  readonly lost: { writes: number };
};

/** One rehearsal over HTTP with its parts. */
class HttpRehearsal {
  readonly #input: HttpInput;
  readonly #scenery: Scenery;
  readonly #hosts;
  readonly #hostShares: readonly number[];
  readonly #routes: ServedRoutes;
  readonly #clients: HttpClients;
  readonly #moves: Moves;
  /** The clients' requests as monitoring has them: by rule and minute of the rehearsal. */
  readonly #minutes: MinuteMeasures;
  readonly #recorder: HttpRecorder;
  readonly #errors = new ClientErrors();
  readonly #run: RehearsalRun;
  readonly #backends;
  readonly #past: PastFault[] = [];
  readonly #given: GivenCommand[] = [];
  /** The journal, with the times of the cloud's clock. */
  readonly #events: RunEvent[] = [];
  readonly #lookUps: LookUpCounts = { sent: 0, fromCache: 0, failed: 0 };
  readonly #connectMs: number[] = [];
  #tlsConnections = 0;
  /** Clients whose resolvers are silent: those with a number below this share of all. */
  #silentShare = 0;
  readonly #delay = monitorEventLoopDelay({ resolution: 5 });

  constructor(input: HttpInput, scenery: Scenery) {
    const { plan, estate, hostWeights, http } = input;
    const { times, account } = scenery;
    this.#input = input;
    this.#scenery = scenery;
    const { store } = account.sandbox.plane;
    this.#routes = new ServedRoutes(
      () => store.world,
      account.assumptions,
      (listener) => void store.onChange(listener),
    );
    this.#hosts = listHosts(plan, estate);
    const weights = this.#hosts.map(({ host }) => hostWeights[host] ?? 1);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    this.#hostShares = weights.map((weight) => weight / total);
    this.#backends = listBackends(plan, store.world);
    this.#moves = new Moves(plan, this.#hosts, this.#hostShares, this.#routes);
    this.#minutes = new MinuteMeasures(store, input.monitorDelayS * 1000);
    this.#recorder = new HttpRecorder({
      fromMs: times.startMs,
      untilMs: times.endMs,
      zeroMs: times.t0Ms,
      rps: http.rps,
      speed: times.speed,
    });
    this.#clients = this.#createClients();
    this.#run = this.#createRun();
  }

  async play(options: RehearsalOptions): Promise<RehearsalReport> {
    const startedAt = performance.now();
    this.#delay.enable();
    this.#scheduleFaults();
    this.#scheduleCommands();
    this.#clients.start();
    this.#run.start();
    const restedMs = await this.#watch(startedAt, options);
    const endedMs = this.#nowMs();
    const tookS = (performance.now() - startedAt - restedMs) / 1000;
    this.#recorder.totals.pending = this.#clients.pending;
    await this.#clients.stop();
    this.#delay.disable();
    return buildReport({
      input: this.#input,
      times: this.#scenery.times,
      endedMs,
      events: this.#events,
      view: foldRun({ ...this.#run.record(), events: this.#events }),
      recorder: this.#recorder,
      errors: this.#errors,
      moves: this.#moves,
      faults: this.#past,
      commands: this.#given,
      hosts: this.#hosts.map(({ host }) => host),
      http: this.#figures(tookS),
    });
  }

  async stop(): Promise<void> {
    this.#delay.disable();
    await this.#clients.stop();
  }

  /** Epoch ms of the cloud's clock, which the worker's jumps don't move. */
  #nowMs(): number {
    return Math.round(this.#scenery.times.startMs + this.#scenery.clock.elapsedMs());
  }

  /** Converts an instant of the worker's clock, as it is set now. */
  #toCloudTime(at: string): string {
    const aheadMs = Math.round(this.#scenery.clock.now().getTime() - this.#nowMs());
    return new Date(Date.parse(at) - aheadMs).toISOString();
  }

  /** Returns the time of the event that the worker's clock stands for: as long before or after its own T0. */
  #eventTime(): Date {
    const { times, clock } = this.#scenery;
    const { cutover } = this.#input;
    const laterMs = cutover === null ? 0 : Date.parse(cutover.t0) - times.t0Ms;
    return new Date(clock.now().getTime() + laterMs);
  }

  #createClients(): HttpClients {
    const { population, http } = this.#input;
    const { random, clock, account, times } = this.#scenery;
    const { announcement } = account.sandbox;
    const count = population.resolvers;
    const clients = Array.from({ length: count }, (_, index) => {
      const own = random.fork(`client ${index}`);
      const cache = new AnswerCache({
        server: parseResolver(announcement.dns),
        nowMs: () => this.#nowMs(),
        counts: this.#lookUps,
        isSilent: () => this.#isSilent(index),
      });
      return new HttpClient({
        cache,
        dial: this.#dial,
        keepAlive: population.keepAlive,
        random: own,
        authority: announcement.authority,
        nowMs: () => this.#nowMs(),
        speed: times.speed,
        onConnection: (tookMs, isTls) => {
          this.#connectMs.push(tookMs);
          if (isTls) this.#tlsConnections += 1;
        },
      });
    });
    return new HttpClients({
      clients,
      hosts: this.#hosts,
      hostShares: this.#hostShares,
      population,
      rps: http.rps,
      clock,
      random: random.fork('requests'),
      onOffered: () => this.#recorder.offer(this.#nowMs()),
      onLost: () => this.#recorder.lose(),
      onAttempt: (attempt, requested) => {
        const atMs = this.#nowMs();
        this.#recorder.add(atMs, attempt);
        this.#countOfRule(atMs, attempt, requested);
        if (attempt.cause !== null) this.#errors.addOne(attempt.cause, attempt.host, atMs);
      },
    });
  }

  /** Counts a request for the rule that it was sent to, as the copy is now. */
  #countOfRule(fromMs: number, { address, cause }: Attempt, { host, port, path }: Requested): void {
    if (address === null) return;
    const { ruleKey } = this.#routes.find(address, port, host, path, fromMs);
    const failures = new Map(cause === null ? [] : [[cause, 1]]);
    this.#minutes.add({ fromMs, rules: new Map([[ruleKey, { count: 1, failures }]]) });
  }

  readonly #dial: DialPort = (address, port) => {
    const { sandbox } = this.#scenery.account;
    const served = sandbox.addresses().find((each) => each.vip === address && each.port === port);
    if (served !== undefined) return { host: served.host, port: served.realPort, protocol: served.protocol };
    return findOwner(sandbox.plane.store.world, address) === null ? 'outside' : 'closed';
  };

  /** Creates the figures of guards: vantage points are the largest clients, each with the resolver of its network. */
  #createFigures(): RehearsalFigures {
    const { guards, keepAliveS, population, plan } = this.#input;
    const { clock, account, random } = this.#scenery;
    const cloudOf = account.newAdapters();
    const world = () => account.sandbox.plane.store.world;
    const prober = createHttpProber(plan, { connections: account.connections, world, cloudOf, clock });
    const agents = Array.from(
      { length: countAgents(population.resolvers) },
      (_, index): Prober => ({
        probe: async (probe) => (this.#isSilent(index) ? unansweredProbe : prober.probe(probe)),
      }),
    );
    return new RehearsalFigures({
      guards,
      keepAliveS,
      hosts: this.#hosts.map(({ host }) => host),
      resolvers: population.resolvers,
      clients: {
        askResolver: async (client, hostIndex) => {
          const answer = await this.#clients.askName(client, this.#hosts[hostIndex]?.host ?? '');
          if (answer === null) return null;
          return { values: answer.values, ttlS: Math.max(0, (answer.untilMs - this.#nowMs()) / 1000) };
        },
      },
      traffic: this.#minutes,
      agents,
      record: () => this.#run.record(),
      now: () => clock.now(),
      cloudNowMs: () => this.#nowMs(),
      random: random.fork('vantage points').next,
    });
  }

  /** Returns whether the resolver of a client is silent now. */
  #isSilent(client: number): boolean {
    return client < this.#silentShare * this.#input.population.resolvers;
  }

  #createRun(): RehearsalRun {
    const { plan, cutover, guards, keepAliveS, estate, conditions } = this.#input;
    const { clock, account, times } = this.#scenery;
    const world = () => account.sandbox.plane.store.world;
    const figures = this.#createFigures();
    return new RehearsalRun({
      plan,
      cutover: times.cutover,
      guards,
      clock,
      newAdapters: account.newAdapters,
      onEvent: (event) => this.#events.push({ ...event, at: this.#toCloudTime(event.at) }),
      prober: (cloudOf) =>
        createHttpProber(plan, { connections: account.connections, world, cloudOf, clock }),
      validator: (cloudOf, events) =>
        rehearsalValidator(plan, {
          cloudOf,
          version: () => this.#routes.version,
          keepAliveS,
          // Freezes and allowed hours are those of the event, which is rehearsed now.
          rules: createRehearsalRules({
            plan,
            cutover,
            estate,
            conditions,
            now: () => this.#eventTime(),
            events,
          }),
        }),
      watcher: (prober, events, direction) =>
        rehearsalWatcher(
          {
            clock,
            prober,
            measures: this.#measures(),
            cloudNowMs: () => this.#nowMs(),
            readFigures: () => figures.read(),
          },
          hasPlaceholders(plan) ? () => bindPlan(plan, events()) : () => plan,
          guards,
          direction,
        ),
    });
  }

  /** Reads measures from the copy's monitoring, as a run does. */
  #measures() {
    const { plan } = this.#input;
    const cloud = joinedCloud({ own: plan.connectionId, cloudOf: this.#scenery.account.newAdapters() });
    const read = (measure: CloudMeasure) => async (routes: readonly MeasuredRoute[]) => {
      try {
        return await cloud.measure(measure, routes);
      } catch (error) {
        if (!(error instanceof CloudError)) throw error;
        return { value: null, lagMs: null };
      }
    };
    const [errorRate, throttles, unhealthyTargets, provisionedLost] = cloudMeasures.map(read);
    invariant(errorRate && throttles && unhealthyTargets && provisionedLost, 'the cloud has four measures');
    return { errorRate, throttles, unhealthyTargets, provisionedLost };
  }

  /**
   * Samples the copy until the event and the run have ended.
   * @returns the time for which it rested, in ms
   */
  async #watch(
    startedAt: number,
    { onProgress = () => {}, signal, rest }: RehearsalOptions,
  ): Promise<number> {
    const { times, clock } = this.#scenery;
    const { startMs, endMs, mostS } = times;
    let [lastAt, toldAt, restedMs] = [startedAt, 0, 0];
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, sampleMs));
      const over = rest?.over ?? null;
      if (over !== null) {
        const restsAt = performance.now();
        this.#sample(this.#nowMs(), (restsAt - lastAt) / 1000);
        this.#clients.rest();
        await clock.restUntil(over);
        this.#clients.start();
        lastAt = performance.now();
        restedMs += lastAt - restsAt;
      }
      if (signal?.aborted === true) throw new RehearsalCanceledError();
      if (this.#run.failure !== null) throw this.#run.failure;
      const at = performance.now();
      const nowMs = this.#nowMs();
      this.#sample(nowMs, (at - lastAt) / 1000);
      lastAt = at;
      if (at - toldAt >= progressMs) {
        toldAt = at;
        const share = Math.min(1, (nowMs - startMs) / (endMs - startMs));
        onProgress({ share, at: new Date(nowMs).toISOString(), events: this.#run.events.length });
      }
      const hasEnded = this.#run.result !== null && nowMs >= endMs;
      if (hasEnded || at - startedAt - restedMs > mostS * 1000) return restedMs;
      if (nowMs > startMs + (endMs - startMs) * overtime) return restedMs;
    }
  }

  #sample(nowMs: number, seconds: number): void {
    const direction = this.#run.events.at(-1)?.direction ?? 'apply';
    const since = () => this.#moves.changedAtMs ?? Number.NEGATIVE_INFINITY;
    const shares = this.#moves.step(({ host }) => this.#clients.movedShare(host, since()), nowMs, direction);
    const { world } = this.#scenery.account.sandbox.plane.store;
    let provisioned = 0;
    for (const account of Object.values(world.accounts))
      for (const fn of Object.values(account.functions)) provisioned += countProvisioned(fn, nowMs).warm;
    this.#recorder.sample(nowMs, { seconds, provisioned, ...shares, ...this.#scenery.runtime.takeUse() });
  }

  #scheduleFaults(): void {
    const { plan, faults, seed } = this.#input;
    const { clock, times, account, random, lasting, lost } = this.#scenery;
    const ofT0 = (ms: number) => Math.round((ms - times.t0Ms) / 1000);
    const { t1Ms } = times;
    const span = {
      fromS: ofT0(times.startMs),
      untilS: ofT0(t1Ms ?? times.endMs),
      critical: [0, ...(t1Ms === null ? [] : [ofT0(t1Ms)])],
    };
    const parts = {
      plan,
      plane: account.sandbox.plane,
      ...this.#backends,
      lasting,
      setSilence: (share: number) => {
        this.#silentShare = share;
      },
      setResponseLost: (writes: number) => {
        lost.writes += writes;
      },
      crash: () => this.#run.crash(),
      jump: (ms: number) => clock.jump(ms),
      taskMs: rehearsalTaskMs,
      seed,
    };
    for (const fault of drawFaults(faults, span, random.fork('faults'))) {
      clock.after(times.t0Ms + fault.atS * 1000 - times.startMs, () => {
        const { object, end } = injectFault(parts, fault);
        this.#past.push({ fault, atMs: this.#nowMs(), object });
        if (fault.forS > 0) clock.after(fault.forS * 1000, end);
      });
    }
  }

  #scheduleCommands(): void {
    const { clock, times } = this.#scenery;
    for (const command of this.#input.commands.toSorted((a, b) => a.atS - b.atS))
      clock.after(times.t0Ms + command.atS * 1000 - times.startMs, () => {
        this.#given.push(this.#run.command(command, this.#nowMs()));
      });
  }

  #figures(tookS: number): HttpFigures {
    const { http, population, estate } = this.#input;
    return {
      rps: http.rps,
      clients: population.resolvers,
      speed: this.#scenery.times.speed,
      tookS: rounded(tookS),
      skipped: this.#clients.skipped,
      ...this.#recorder.figures(),
      connections: {
        opened: this.#connectMs.length,
        tls: this.#tlsConnections,
        latency: toLatency(this.#connectMs),
      },
      lookUps: { ...this.#lookUps },
      copied: {
        loadBalancers: estate.loadBalancers.length,
        servers: estate.instances.length,
        functions: estate.functions.length,
        records: estate.records.length,
      },
      machineDelay: { p99: rounded(this.#delay.percentile(99) / 1e6), most: rounded(this.#delay.max / 1e6) },
    };
  }
}
