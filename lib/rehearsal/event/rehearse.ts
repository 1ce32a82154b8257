import { serviceTime } from '@/lib/capacity/queueing/service-time';
import type { Cloud } from '@/lib/cloud/port';
import { prewarmAt } from '@/lib/diversion/cutover-times';
import {
  type RehearsalAccount,
  rehearsalTaskMs,
  startRehearsalAccount,
} from '@/lib/rehearsal/account/rehearsal-account';
import type { WireFate } from '@/lib/rehearsal/account/wire';
import { aroundS, drawFaults } from '@/lib/rehearsal/faults/draw-faults';
import { injectFault, isFunctionDown, type LastingFaults } from '@/lib/rehearsal/faults/fault-injection';
import type { RehearsalFault, RehearsalInput } from '@/lib/rehearsal/input';
import { RehearsalCanceledError, type RehearsalOptions } from '@/lib/rehearsal/rehearsal-options';
import { buildReport } from '@/lib/rehearsal/report/build-report';
import { ClientErrors } from '@/lib/rehearsal/report/client-errors';
import type { PastFault } from '@/lib/rehearsal/report/judge-faults';
import { Recorder } from '@/lib/rehearsal/report/recorder';
import type { RehearsalReport } from '@/lib/rehearsal/report/report';
import { countAgents, RehearsalFigures } from '@/lib/rehearsal/run/rehearsal-figures';
import { RehearsalProber } from '@/lib/rehearsal/run/rehearsal-prober';
import { createRehearsalRules } from '@/lib/rehearsal/run/rehearsal-rules';
import { type GivenCommand, RehearsalRun } from '@/lib/rehearsal/run/rehearsal-run';
import { rehearsalValidator } from '@/lib/rehearsal/run/rehearsal-validator';
import { rehearsalWatcher } from '@/lib/rehearsal/run/rehearsal-watcher';
import { createSeededRandom, type SeededRandom } from '@/lib/rehearsal/seeded-random';
import { ClientGroups } from '@/lib/rehearsal/traffic/clients';
import { findScenarioFunction } from '@/lib/rehearsal/traffic/function-pools';
import { listBackends } from '@/lib/rehearsal/traffic/list-backends';
import { listHosts } from '@/lib/rehearsal/traffic/list-hosts';
import { MinuteMeasures } from '@/lib/rehearsal/traffic/minute-measures';
import { agreeingShare, Moves } from '@/lib/rehearsal/traffic/moves';
import { type Destination, ServedRoutes } from '@/lib/rehearsal/traffic/served-routes';
import { Traffic } from '@/lib/rehearsal/traffic/traffic';
import { VirtualClock } from '@/lib/rehearsal/virtual-clock';
import { foldRun } from '@/lib/run/model/fold-run';
import type { RunEvent } from '@/lib/run/model/model';
import { bindPlan, hasPlaceholders } from '@/lib/run/model/placeholders';

/**
 * Steps of clients, in seconds: short from when faults are drawn near T0 and T1 until shares have changed after them,
 * longer otherwise.
 */
const steps = { fineS: 1, coarseS: 10, beforeS: aroundS, afterS: 600 } as const;
/** A run that has not ended by then, in seconds after the event, is reported as it is. */
const overtimeS = 3600;
/** The time after the end of a run for which clients continue, so that the last of them have moved, in seconds. */
const afterRunS = 120;

/** The instants of a rehearsal, in epoch ms. */
type Times = {
  readonly startMs: number;
  readonly t0Ms: number;
  readonly t1Ms: number | null;
  /** The instant of second 0 of the scenario. */
  readonly zeroMs: number;
  /** The end of the event; a run that is still rolling back may need longer. */
  readonly endMs: number;
};

function planTimes({ plan, cutover, scenario, leadS, population, commands }: RehearsalInput): Times {
  const { startsAt, traffic, durationS } = scenario;
  const t0Ms = Date.parse(cutover?.t0 ?? plan.estateTakenAt);
  const t1Ms = cutover === null || cutover.t1 === null ? null : Date.parse(cutover.t1);
  const beginMs = cutover === null ? t0Ms : prewarmAt(cutover).getTime();
  const [first] = traffic.changes;
  const zeroMs = startsAt === null ? t0Ms - (first?.atS ?? 0) * 1000 : Date.parse(startsAt);
  const drainS = Math.max(population.keepAlive.seconds, population.overstay.seconds) + afterRunS;
  return {
    // A run without a schedule begins at once.
    startMs: cutover === null ? beginMs : beginMs - leadS * 1000,
    t0Ms,
    t1Ms,
    zeroMs,
    endMs: Math.max(
      zeroMs + durationS * 1000,
      (t1Ms ?? t0Ms) + drainS * 1000,
      ...commands.map(({ atS }) => t0Ms + (atS + drainS) * 1000),
    ),
  };
}

/** Returns the instants at which something begins or ends that no step may run into, in epoch ms, in order. */
function listBounds({ t0Ms, t1Ms }: Times, faults: readonly RehearsalFault[], { commands }: RehearsalInput) {
  const ofFaults = faults.flatMap(({ atS, forS }) => [atS, atS + forS]);
  return [
    ...[t0Ms, t1Ms ?? t0Ms].map((atMs) => atMs - steps.beforeS * 1000),
    ...[...ofFaults, ...commands.map(({ atS }) => atS)].map((atS) => t0Ms + atS * 1000),
  ].toSorted((a, b) => a - b);
}

/**
 * Rehearses a plan: the same plan and executor, with the real adapter over HTTP, against a copy of the snapshot, while
 * generated clients send requests; all of it on a virtual clock. Nothing of it reaches a real account: the only
 * connections are to the copy, on loopback.
 * @throws RehearsalCanceledError when it is canceled
 */
export async function rehearse(
  input: RehearsalInput,
  options: RehearsalOptions = {},
): Promise<RehearsalReport> {
  const times = planTimes(input);
  const clock = new VirtualClock(new Date(times.startMs));
  const random = createSeededRandom(input.seed);
  const network = new RehearsalNetwork(random.fork('network'));
  const account = await startRehearsalAccount({
    estate: input.estate,
    clock,
    random: random.fork('account'),
    fateOf: (request) => network.fateOf(request),
  });
  try {
    const scene = new Rehearsal(input, { times, clock, random, account, network });
    return await clock.run(scene.play(options));
  } finally {
    await account.stop();
  }
}

/** The time that calls of the API take: tens of milliseconds each way, or the client's timeout for a lost response. */
class RehearsalNetwork {
  readonly #random: SeededRandom;
  /** Writes whose response will be lost. */
  lostWrites = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  fateOf({ isWrite }: { readonly isWrite: boolean }): WireFate {
    const beforeMs = this.#random.int(10, 40);
    const isLost = isWrite && this.lostWrites > 0;
    if (isLost) this.lostWrites -= 1;
    return { beforeMs, afterMs: this.#random.int(10, 40), isLost };
  }
}

type Scenery = {
  readonly times: Times;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly account: RehearsalAccount;
  readonly network: RehearsalNetwork;
};

/** One rehearsal with its parts. */
class Rehearsal {
  readonly #input: RehearsalInput;
  readonly #scenery: Scenery;
  readonly #routes: ServedRoutes;
  readonly #clients: ClientGroups;
  readonly #traffic: Traffic;
  readonly #measures: MinuteMeasures;
  readonly #moves: Moves;
  readonly #recorder: Recorder;
  readonly #errors = new ClientErrors();
  readonly #run: RehearsalRun;
  readonly #hosts;
  readonly #backends;
  readonly #lasting: LastingFaults = new Map();
  readonly #faults: readonly RehearsalFault[];
  readonly #bounds: readonly number[];
  /** By function and its timeout, in ms. */
  readonly #latencies = new Map<string, number>();
  readonly #past: PastFault[] = [];
  readonly #given: GivenCommand[] = [];
  /** The events of the run, on the cloud's clock: reports say when something really happened. */
  readonly #events: RunEvent[] = [];
  #isResolverUp = true;

  constructor(input: RehearsalInput, scenery: Scenery) {
    const { plan, estate, scenario, population, hostWeights, monitorDelayS } = input;
    const { times, random, account } = scenery;
    this.#input = input;
    this.#scenery = scenery;
    const { store } = account.plane;
    const world = () => store.world;
    this.#routes = new ServedRoutes(world, account.assumptions, (listener) => void store.onChange(listener));
    this.#hosts = listHosts(plan, estate);
    const weights = this.#hosts.map(({ host }) => hostWeights[host] ?? 1);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const hostShares = weights.map((weight) => weight / total);
    this.#clients = new ClientGroups(
      this.#hosts.map(({ host }) => host),
      population,
      (host, draw) => this.#routes.resolve(host, draw),
      random.fork('clients'),
      times.startMs,
    );
    this.#backends = listBackends(plan, world(), this.#hosts);
    this.#traffic = new Traffic({
      scenario,
      population,
      hosts: this.#hosts,
      hostShares,
      routes: this.#routes,
      clients: this.#clients,
      world,
      functionKeys: this.#backends.functionKeys,
      startMs: times.startMs,
      zeroMs: times.zeroMs,
      isFunctionDown: (key) => isFunctionDown(this.#lasting, key),
    });
    this.#measures = new MinuteMeasures(store, monitorDelayS * 1000);
    this.#moves = new Moves(plan, this.#hosts, hostShares, this.#routes);
    this.#recorder = new Recorder({
      fromMs: times.startMs,
      untilMs: times.endMs,
      zeroMs: times.t0Ms,
      scenario,
      functions: this.#traffic.functions,
      world,
    });
    const { t0Ms, t1Ms, startMs, endMs } = times;
    const ofT0 = (ms: number) => Math.round((ms - t0Ms) / 1000);
    const span = {
      fromS: ofT0(startMs),
      untilS: ofT0(t1Ms ?? endMs),
      critical: [0, ...(t1Ms === null ? [] : [ofT0(t1Ms)])],
    };
    this.#faults = drawFaults(input.faults, span, random.fork('faults'));
    this.#bounds = listBounds(times, this.#faults, input);
    this.#run = this.#createRun();
  }

  /** Returns a prober that resolves names in one network. */
  #createProber(
    cloudOf: (connectionId: string) => Pick<Cloud, 'readyInstances'>,
    random: SeededRandom,
    isResolverUp: () => boolean,
  ): RehearsalProber {
    return new RehearsalProber({
      clock: this.#scenery.clock,
      routes: this.#routes,
      random,
      failuresAt: ({ ruleKey }) => this.#traffic.lastFailures(ruleKey),
      latencyMs: (to) => this.#latencyMs(to),
      cloud: {
        readyInstances: (of) => cloudOf(of.connectionId ?? this.#input.plan.connectionId).readyInstances(of),
      },
      isResolverUp,
      cloudNowMs: () => this.#cloudNowMs(),
    });
  }

  #createFigures(): RehearsalFigures {
    const { guards, keepAliveS, population } = this.#input;
    const { clock, account, random } = this.#scenery;
    const cloudOf = account.newAdapters();
    const agents = Array.from({ length: countAgents(population.resolvers) }, (_, index) =>
      this.#createProber(cloudOf, random.fork(`agent ${index}`), () => !this.#clients.isSilent(index)),
    );
    return new RehearsalFigures({
      guards,
      keepAliveS,
      hosts: this.#hosts.map(({ host }) => host),
      resolvers: population.resolvers,
      clients: this.#clients,
      traffic: this.#measures,
      agents,
      record: () => this.#run.record(),
      now: () => clock.now(),
      cloudNowMs: () => this.#cloudNowMs(),
      random: random.fork('vantage points').next,
    });
  }

  #createRun(): RehearsalRun {
    const { plan, cutover, guards, keepAliveS, estate, conditions } = this.#input;
    const { clock, account, random } = this.#scenery;
    const probing = random.fork('prober');
    const figures = this.#createFigures();
    const planNow = (events: () => readonly RunEvent[]) =>
      hasPlaceholders(plan) ? () => bindPlan(plan, events()) : () => plan;
    return new RehearsalRun({
      plan,
      cutover,
      guards,
      clock,
      newAdapters: account.newAdapters,
      onEvent: (event) => this.#events.push({ ...event, at: this.#toCloudTime(event.at) }),
      prober: (cloudOf) => this.#createProber(cloudOf, probing, () => this.#isResolverUp),
      validator: (cloudOf, events) =>
        rehearsalValidator(plan, {
          cloudOf,
          version: () => this.#routes.version,
          keepAliveS,
          rules: createRehearsalRules({ plan, cutover, estate, conditions, now: () => clock.now(), events }),
        }),
      watcher: (prober, events, direction) =>
        rehearsalWatcher(
          {
            clock,
            prober,
            measures: this.#measures,
            cloudNowMs: () => this.#cloudNowMs(),
            readFigures: () => figures.read(),
          },
          planNow(events),
          guards,
          direction,
        ),
    });
  }

  #latencyMs(to: Destination): number {
    const { cvm, functions } = this.#input.scenario;
    if (to.kind === 'unserved') return 0;
    if (to.kind === 'servers') return cvm.each.latencyMs;
    const key = `${to.key} ${to.fn.timeoutS}`;
    const known = this.#latencies.get(key);
    if (known !== undefined) return known;
    const like = findScenarioFunction(functions, to.fn) ?? functions[0];
    const ms = like === undefined ? 0 : serviceTime(like.duration, to.fn.timeoutS).busyS * 1000;
    this.#latencies.set(key, ms);
    return ms;
  }

  /** Epoch ms of the cloud's clock, which the worker's jumps don't move. */
  #cloudNowMs(): number {
    return this.#scenery.times.startMs + this.#scenery.clock.elapsedMs();
  }

  /** Converts an instant of the worker's clock, as it is set now. */
  #toCloudTime(at: string): string {
    const aheadMs = this.#scenery.clock.now().getTime() - this.#cloudNowMs();
    return new Date(Date.parse(at) - aheadMs).toISOString();
  }

  async play(options: RehearsalOptions): Promise<RehearsalReport> {
    this.#scheduleFaults();
    this.#scheduleCommands();
    this.#run.start();
    await this.#sendRequests(options);
    // No operator decides about a stop or a pause here: the report has that, not the run's cancellation at T1.
    const events = this.#events.filter(
      (event) => event.type !== 'closed' || event.actor !== 'Spillway' || event.reason !== 'T1',
    );
    const view = foldRun({ ...this.#run.record(), events });
    return buildReport({
      input: this.#input,
      times: this.#scenery.times,
      endedMs: this.#cloudNowMs(),
      events,
      view,
      recorder: this.#recorder,
      errors: this.#errors,
      moves: this.#moves,
      faults: this.#past,
      commands: this.#given,
      hosts: this.#hosts.map(({ host }) => host),
    });
  }

  /** Sends the clients' requests, step by step, until the event and the run have ended. */
  async #sendRequests({ onProgress = () => {}, signal, rest }: RehearsalOptions): Promise<void> {
    const { times, clock } = this.#scenery;
    const { startMs, endMs } = times;
    let [toldMs, endedMs] = [Number.NEGATIVE_INFINITY, Number.NaN];
    for (;;) {
      const fromMs = this.#cloudNowMs();
      const over = rest?.over ?? null;
      if (over !== null) await clock.withTimeStopped(() => over);
      if (signal?.aborted) throw new RehearsalCanceledError();
      if (this.#run.failure !== null) throw this.#run.failure;
      // A command may have started the run again.
      if (this.#run.result === null) endedMs = Number.NaN;
      else if (Number.isNaN(endedMs)) endedMs = fromMs;
      const isOver = fromMs >= Math.max(endMs, endedMs + afterRunS * 1000);
      if (isOver || fromMs >= endMs + overtimeS * 1000) return;
      const dtS = this.#stepLength(fromMs);
      const step = this.#traffic.step(fromMs, dtS);
      const direction = this.#run.events.at(-1)?.direction ?? 'apply';
      this.#recorder.add(
        step,
        this.#moves.step(
          ({ index, answers }) => agreeingShare(this.#traffic.lastShares(index), answers),
          fromMs,
          direction,
        ),
      );
      this.#measures.add(step);
      this.#errors.add(step);
      if (fromMs - toldMs >= 60_000) {
        toldMs = fromMs;
        const share = Math.min(1, (fromMs - startMs) / (endMs - startMs));
        onProgress({ share, at: new Date(fromMs).toISOString(), events: this.#run.events.length });
      }
      await new Promise<void>((resolve) => void clock.after(dtS * 1000, resolve));
    }
  }

  /** Returns the length of the next step of the clients, in seconds. */
  #stepLength(fromMs: number): number {
    const { t0Ms, t1Ms } = this.#scenery.times;
    const isNear = [t0Ms, t1Ms ?? t0Ms].some(
      (atMs) => fromMs >= atMs - steps.beforeS * 1000 && fromMs < atMs + steps.afterS * 1000,
    );
    if (isNear) return steps.fineS;
    const boundMs = this.#bounds.find((atMs) => atMs > fromMs) ?? Number.POSITIVE_INFINITY;
    const leftS = Math.ceil((boundMs - fromMs) / 1000);
    return Math.min(steps.coarseS, leftS, this.#recorder.secondsLeft(fromMs));
  }

  #scheduleCommands(): void {
    const { clock, times } = this.#scenery;
    for (const command of this.#input.commands.toSorted((a, b) => a.atS - b.atS))
      clock.after(times.t0Ms + command.atS * 1000 - times.startMs, () => {
        this.#given.push(this.#run.command(command, this.#cloudNowMs()));
      });
  }

  #scheduleFaults(): void {
    const { clock, times, account, network } = this.#scenery;
    const parts = {
      plan: this.#input.plan,
      plane: account.plane,
      ...this.#backends,
      lasting: this.#lasting,
      setSilence: (share: number) => {
        this.#isResolverUp = share === 0;
        this.#clients.silence(share);
      },
      setResponseLost: (writes: number) => {
        network.lostWrites += writes;
      },
      crash: () => this.#run.crash(),
      jump: (ms: number) => clock.jump(ms),
      taskMs: rehearsalTaskMs,
      seed: this.#input.seed,
    };
    for (const fault of this.#faults) {
      const inMs = times.t0Ms + fault.atS * 1000 - times.startMs;
      clock.after(inMs, () => {
        const { object, end } = injectFault(parts, fault);
        this.#past.push({ fault, atMs: this.#cloudNowMs(), object });
        if (fault.forS > 0) clock.after(fault.forS * 1000, end);
      });
    }
  }
}
