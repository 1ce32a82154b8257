import { createHash } from 'node:crypto';
import { type Rank, RateLimiter, type Turn } from './rate-limiter';
import { allowedRate, type Service } from './rates';

/** A process's claim on one budget. */
export type BudgetClaim = {
  /** The action and region. */
  readonly budget: string;
  /** The rate that the cloud allows all holders together. */
  readonly perSecond: number;
  /** null = return the share. */
  readonly rank: Rank | null;
  /** Requests per second that the cloud may still count for this process. */
  readonly held: number;
};

export type Grant = {
  /** Requests per second from now on. */
  readonly permits: number;
  /** The share once the others have given up their excess. */
  readonly target: number;
};

/** The ledger in which the processes that share budgets agree on how much each may send. */
export type RateLedger = {
  /**
   * Claims shares of an owner's budgets for the next `leaseMs`; without a new claim they return to the others.
   * @param account identifies the owner of keys, or a key, without revealing it
   * @returns a grant for each claim, in order, and how many processes use these budgets, including this one
   * @throws when the ledger can't be reached
   */
  claim(
    account: string,
    claims: readonly BudgetClaim[],
    leaseMs: number,
  ): Promise<{ readonly grants: readonly Grant[]; readonly holders: number }>;
};

/**
 * A share is renewed long before it ends. It is no longer used once the cloud's last counting second would end after
 * it.
 */
const leaseMs = 4000;
const usableMs = 2500;
const tickMs = 1000;
/** The interval while others still hold part of our share. */
const contestedTickMs = 250;
/** The longest time that a call waits for the ledger. */
const answerMaxMs = 500;
/** A database that is briefly busy, or restarts, is not reported. */
const reportAfterMs = 3000;
/** A share that is unused for this long is returned. */
const idleMs = 2000;

type Budget = {
  readonly name: string;
  readonly perSecond: number;
  readonly limiter: RateLimiter;
  share: number;
  /** The value in the ledger. */
  held: number;
  askedMs: number;
  isContested: boolean;
};

type BudgetDeps = {
  readonly now: () => Date;
  /** Resolves after this many ms; real timers by default. */
  readonly sleep?: (ms: number) => Promise<void>;
  readonly ledger?: RateLedger;
  /** Told when the ledger has not answered for some seconds, with why, and null when it answers again. */
  readonly onLedger?: (error: unknown) => void;
};

/**
 * The rate limits of all connections of a process: one budget for each user, action and region, as the cloud counts
 * (https://cloud.tencent.com/document/product/1278/109059). Connections that use keys of one user share its budgets, and
 * so do the processes that share a ledger: each holds a lease on a part of a budget and keeps within it on its own, so a
 * call needs no round trip. While the ledger is unreachable, each continues with an equal share. A key whose user isn't
 * known yet has budgets of its own.
 */
export class RateBudgets {
  readonly #deps: BudgetDeps;
  readonly #accounts = new Map<string, AccountBudgets>();
  /** The users of the keys, as far as the cloud has named them. */
  readonly #users = new Map<string, string>();

  constructor(deps: BudgetDeps) {
    this.#deps = deps;
  }

  /**
   * Counts the calls of a key for its user from now on, together with those of the user's other keys.
   * @param user identifies the user among those of all clouds
   */
  countFor(secretId: string, user: string): void {
    this.#users.set(secretId, user);
  }

  /** Returns the budgets that the calls of a key count for. */
  account(secretId: string): AccountBudgets {
    const user = this.#users.get(secretId) ?? secretId;
    const account = createHash('sha256').update(user).digest('hex').slice(0, 32);
    const known = this.#accounts.get(account) ?? new AccountBudgets(account, this.#deps);
    this.#accounts.set(account, known);
    return known;
  }
}

/** The budgets of one user, or of a key whose user isn't known, in this process. */
export class AccountBudgets {
  readonly #account: string;
  readonly #deps: BudgetDeps;
  readonly #sleep: (ms: number) => Promise<void>;
  readonly #budgets = new Map<string, Budget>();
  /** The number that the ledger last reported. Until then, one other process is assumed. */
  #holders = 2;
  /** Since when the ledger does not answer; null = it does. */
  #awaySinceMs: number | null = null;
  #isReported = false;
  #usableUntilMs = Number.NEGATIVE_INFINITY;
  #isRunning = false;
  #wake = () => {};
  #isWoken = false;

  constructor(account: string, deps: BudgetDeps) {
    this.#account = account;
    this.#deps = deps;
    this.#sleep = deps.sleep ?? realSleep;
  }

  /**
   * Resolves when a request may be sent: see `RateLimiter.pass`.
   * @param region null for services without regions
   */
  pass(service: Service, action: string, region: string | null, rank: Rank, sinceMs?: number): Promise<Turn> {
    const budget = this.#budget(service, action, region);
    budget.askedMs = this.#nowMs();
    const turn = budget.limiter.pass(rank, sinceMs);
    if (this.#deps.ledger !== undefined) {
      if (budget.share === 0 && this.#awaySinceMs !== null) this.#setShare(budget, this.#evenShare(budget));
      if (budget.share === 0 && !budget.isContested) this.#claimNow();
      void this.#keepClaiming(this.#deps.ledger);
    }
    return turn;
  }

  /** Slows down after the cloud refused a request for exceeding the rate: someone else uses the account, too. */
  slowDown(service: Service, action: string, region: string | null): void {
    this.#budget(service, action, region).limiter.slowDown();
  }

  #nowMs(): number {
    return this.#deps.now().getTime();
  }

  #budget(service: Service, action: string, region: string | null): Budget {
    const name = `${service}/${action}/${region ?? ''}`;
    const known = this.#budgets.get(name);
    if (known !== undefined) return known;
    const perSecond = allowedRate(service, action);
    const share = this.#deps.ledger === undefined ? perSecond : 0;
    const limiter = new RateLimiter(share, this.#deps.now, this.#sleep);
    const made = { name, perSecond, limiter, share, held: 0, askedMs: this.#nowMs(), isContested: false };
    this.#budgets.set(name, made);
    return made;
  }

  #setShare(budget: Budget, share: number): void {
    if (budget.share === share) return;
    budget.share = share;
    budget.limiter.setRate(share);
  }

  #evenShare({ perSecond }: Budget): number {
    return Math.max(1, Math.floor(perSecond / this.#holders));
  }

  #claimNow(): void {
    this.#isWoken = true;
    this.#wake();
  }

  /**
   * Returns the budgets to claim. A call waits longer than a budget stays in use if the ledger hangs when it arrives.
   */
  #inUse(): readonly Budget[] {
    return [...this.#budgets.values()].filter(
      ({ share, held, isContested, limiter, askedMs }) =>
        share > 0 || held > 0 || isContested || limiter.isAwaited() || askedMs > this.#nowMs() - idleMs,
    );
  }

  /** Keeps claiming for as long as anything is held. */
  async #keepClaiming(ledger: RateLedger): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (;;) {
      const inUse = this.#inUse();
      if (inUse.length === 0) break;
      this.#isWoken = false;
      await this.#claim(ledger, inUse);
      if (this.#isWoken) continue;
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const isContested = inUse.some((budget) => budget.isContested);
      await Promise.race([woken, this.#sleep(isContested ? contestedTickMs : tickMs)]);
    }
    this.#isRunning = false;
  }

  async #claim(ledger: RateLedger, budgets: readonly Budget[]): Promise<void> {
    const beganMs = this.#nowMs();
    const claims = budgets.map((budget): BudgetClaim => {
      const demand = budget.limiter.takeDemand();
      if (demand !== null) budget.askedMs = beganMs;
      const rank = demand ?? (budget.askedMs > beganMs - idleMs ? 'background' : null);
      if (rank === null) this.#setShare(budget, 0);
      const held = Math.max(budget.share, Math.min(budget.held, budget.limiter.countable()));
      return { budget: budget.name, perSecond: budget.perSecond, rank, held };
    });
    const asked = ledger.claim(this.#account, claims, leaseMs);
    try {
      const answer = await Promise.race([asked, this.#tooLate()]);
      this.#holders = answer.holders;
      this.#usableUntilMs = beganMs + usableMs;
      if (this.#isReported) this.#deps.onLedger?.(null);
      this.#isReported = false;
      this.#awaySinceMs = null;
      for (const [place, budget] of budgets.entries()) {
        const grant = answer.grants[place] ?? { permits: 0, target: 0 };
        budget.held = Math.max(grant.permits, claims[place]?.held ?? 0);
        budget.isContested = grant.permits < grant.target || budget.held > grant.permits;
        this.#setShare(budget, grant.permits);
      }
    } catch (error) {
      this.#awaySinceMs ??= beganMs;
      let isOver = false;
      const over = asked
        .catch(() => {})
        .then(() => {
          isOver = true;
        });
      // One claim at a time, however long the last one hangs.
      do {
        this.#fallBack();
        this.#report(this.#awaySinceMs, error);
        await Promise.race([over, this.#sleep(contestedTickMs)]);
      } while (!isOver);
    }
  }

  /** Falls back to an equal share for budgets without a lease; a lease is used until it expires. */
  #fallBack(): void {
    const nowMs = this.#nowMs();
    for (const budget of this.#inUse()) {
      const isAsking = budget.limiter.isAwaited() || budget.askedMs > nowMs - idleMs;
      if (nowMs > this.#usableUntilMs || (budget.share === 0 && isAsking))
        this.#setShare(budget, this.#evenShare(budget));
    }
  }

  #report(sinceMs: number, error: unknown): void {
    if (this.#isReported || this.#nowMs() - sinceMs < reportAfterMs) return;
    this.#isReported = true;
    this.#deps.onLedger?.(error);
  }

  async #tooLate(): Promise<never> {
    await this.#sleep(answerMaxMs);
    throw new Error(`the ledger of rate limits has not answered within ${answerMaxMs} ms`);
  }
}

/** Sleeps in real time. */
export function realSleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
