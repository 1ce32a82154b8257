import type { Plan } from '@/lib/plan/model/model';
import type { Direction } from '@/lib/run/model/model';
import { type AddressShare, addressKey } from './clients';
import type { RequestedHost } from './list-hosts';
import type { ServedRoutes } from './served-routes';

/** The parts of the clients whose time of moving is reported. */
export const movedParts = [0.5, 0.9, 0.99, 0.999] as const;

/** Less than a request in all of an event. */
const nobody = 1e-9;

/** A name that the plan moves, with its answers now. */
type MovedHost = { readonly host: string; readonly index: number; readonly answers: Answers };

/** The distribution of a host's answers over sets of addresses. */
type Answers = ReadonlyMap<string, { readonly addresses: readonly string[]; readonly share: number }>;

/** The clients' following of the changes of one direction. */
export type FollowedMove = {
  changedAtMs: number | null;
  /** By `movedParts`, in ms after the change. */
  readonly afterMs: (number | null)[];
  drainedAtMs: number | null;
};

function createMove(): FollowedMove {
  return { changedAtMs: null, afterMs: movedParts.map(() => null), drainedAtMs: null };
}

/** Returns whether a plan changes the records of a host. */
function isMoved({ steps }: Plan, host: string): boolean {
  return steps.some(({ kind, ...step }) => {
    if (kind !== 'write' || !('object' in step) || step.object.kind !== 'recordSet') return false;
    const { subdomain, zone } = step.object;
    const name = subdomain === '@' ? zone : `${subdomain}.${zone}`;
    return name === host || (subdomain.startsWith('*') && host.endsWith(name.slice(1)));
  });
}

/**
 * Follows the clients of the names that a plan moves: which part of their requests goes where the name servers send
 * them now, and since when.
 */
export class Moves {
  readonly #hosts: readonly RequestedHost[];
  readonly #hostShares: readonly number[];
  readonly #moved: readonly number[];
  readonly #routes: ServedRoutes;
  #version = -1;
  #answers: readonly Answers[] = [];
  #intended = 0;
  readonly apply = createMove();
  readonly rollback = createMove();

  constructor(
    plan: Plan,
    hosts: readonly RequestedHost[],
    hostShares: readonly number[],
    routes: ServedRoutes,
  ) {
    this.#hosts = hosts;
    this.#hostShares = hostShares;
    this.#routes = routes;
    this.#moved = hosts.flatMap(({ host }, index) => (isMoved(plan, host) ? [index] : []));
  }

  /**
   * Records a step.
   * @param agreement the part of a host's clients that are where its answers send them now
   * @param direction of the run now
   * @returns the share of the requests that the configuration sends to functions, and of the clients that have moved
   */
  step(
    agreement: (host: MovedHost) => number,
    nowMs: number,
    direction: Direction,
  ): { readonly intendedShare: number; readonly movedShare: number } {
    if (this.#routes.version !== this.#version) this.#read(nowMs, direction);
    let [moved, all] = [0, 0];
    for (const index of this.#moved) {
      const weight = this.#hostShares[index] ?? 0;
      all += weight;
      const host = this.#hosts[index]?.host ?? '';
      moved += weight * agreement({ host, index, answers: this.#answers[index] ?? new Map() });
    }
    const movedShare = all === 0 ? 1 : Math.min(1, moved / all);
    for (const move of [this.apply, this.rollback]) follow(move, movedShare, nowMs);
    return { intendedShare: this.#intended, movedShare };
  }

  /** The last change of DNS, in epoch ms; null = none yet. */
  get changedAtMs(): number | null {
    return this.rollback.changedAtMs ?? this.apply.changedAtMs;
  }

  #read(nowMs: number, direction: Direction): void {
    const isFirst = this.#version < 0;
    this.#version = this.#routes.version;
    const before = this.#answers;
    this.#answers = this.#hosts.map(({ host }) => this.#ask(host));
    const hasChanged = this.#moved.some((index) => !isSame(before[index], this.#answers[index]));
    if (hasChanged && !isFirst) {
      const move = direction === 'apply' ? this.apply : this.rollback;
      Object.assign(move, createMove(), { changedAtMs: nowMs });
      // ClientGroups that follow a rollback follow the move no more.
      if (direction === 'rollback' && this.apply.drainedAtMs === null) this.apply.drainedAtMs = Number.NaN;
    }
    this.#intended = this.#hosts.reduce(
      (sum, _, index) => sum + (this.#hostShares[index] ?? 0) * this.#toFunctions(index, nowMs),
      0,
    );
  }

  #ask(host: string): Answers {
    const answers = new Map<string, { readonly addresses: readonly string[]; readonly share: number }>();
    for (const { answer, share } of this.#routes.answerShares(host)) {
      const addresses = answer?.addresses ?? [];
      const key = addressKey(addresses);
      answers.set(key, { addresses, share: (answers.get(key)?.share ?? 0) + share });
    }
    return answers;
  }

  #toFunctions(index: number, nowMs: number): number {
    const requested = this.#hosts[index];
    if (requested === undefined) return 0;
    const { host, port, paths } = requested;
    let sum = 0;
    for (const { addresses, share } of this.#answers[index]?.values() ?? [])
      for (const address of addresses)
        for (const path of paths) {
          const isFunction = this.#routes.find(address, port, host, path, nowMs).kind === 'function';
          if (isFunction) sum += share / addresses.length / paths.length;
        }
    return sum;
  }
}

/** Returns the part of a host's requests that go where its answers send them now. */
export function agreeingShare(shares: readonly AddressShare[], answers: Answers): number {
  return shares.reduce((sum, { key, share }) => sum + Math.min(share, answers.get(key)?.share ?? 0), 0);
}

function isSame(a: Answers | undefined, b: Answers | undefined): boolean {
  if (a === undefined || b === undefined || a.size !== b.size) return false;
  return [...a].every(([key, { share }]) => Math.abs((b.get(key)?.share ?? -1) - share) < nobody);
}

function follow(move: FollowedMove, movedShare: number, nowMs: number): void {
  const { changedAtMs } = move;
  if (changedAtMs === null || Number.isNaN(move.drainedAtMs)) return;
  for (const [index, part] of movedParts.entries())
    if (movedShare >= part) move.afterMs[index] ??= nowMs - changedAtMs;
  if (movedShare >= 1 - nobody) move.drainedAtMs ??= nowMs;
}
