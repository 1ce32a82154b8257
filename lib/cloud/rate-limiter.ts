/** The order of precedence when several wait: a run, a sync that a user requested, a background sync. */
export const ranks = ['run', 'requested', 'background'] as const;
export type Rank = (typeof ranks)[number];

/** Permission to send one request. */
export type Turn = {
  /** Must be called when the response has arrived, or none will. Calling it again does nothing. */
  readonly done: () => void;
};

const secondMs = 1000;

/** A request without a response for this long has been counted by the cloud, or never reached it. */
const transitMaxMs = 3000;

/**
 * Timers of a busy process fire early, so the clock is checked again, but not forever: a pause that ends at once would
 * spin.
 */
const checksMax = 5;

/** Clocks show whole milliseconds: a second between two readings may be up to 1 ms shorter. */
const roundingMs = 1;

/** The background leaves this share of the rate to others, in this process and elsewhere on the account. */
const backgroundShare = 0.5;

/** The slowdown per refusal, the total limit, and how much of it each turn recovers. */
const slower = { step: 1.5, most: 4, recovery: 0.98 };

/** Times further ahead than any pause result from a clock that was set back. */
const windowMaxMs = secondMs + transitMaxMs + roundingMs;

type Waiting = { readonly sinceMs: number; readonly go: (turn: Turn) => void };

type Sent = { readonly sentMs: number; doneMs: number | null; readonly done: Promise<void> };

/**
 * Lets callers through at even intervals, so that the cloud never counts more than `perSecond` in any second.
 *
 * The time at which the cloud counts a request is known only within limits: after it was sent, before its response
 * arrived. A request is sent once a second has passed since the request `perSecond` before it was certainly counted: a
 * second after that request was sent, plus the time by which its response took longer than the fastest one so far.
 * Therefore the whole rate can be used, and a slow network or a busy cloud never pushes two seconds together.
 */
export class RateLimiter {
  #perSecond: number;
  readonly #now: () => Date;
  readonly #sleep: (ms: number) => Promise<void>;
  /** Waiting callers by rank, in order of precedence. */
  readonly #waiting = new Map<Rank, Waiting[]>(ranks.map((rank) => [rank, []]));
  /** The last `perSecond` requests, oldest first. */
  #sent: Sent[] = [];
  /** The times at which older ones leave the last second in which the cloud may have counted them. */
  #leavingMs: number[] = [];
  /** The highest rank that called since `takeDemand`. */
  #demand: Rank | null = null;
  /** Ends the wait of callers that have no rate at all. */
  #onRate = () => {};
  /** No request is sent before this time, when all older ones were counted more than a second ago. */
  #floorMs = Number.NEGATIVE_INFINITY;
  /** The time at which the next turn is due at even intervals. */
  #slotMs = Number.NEGATIVE_INFINITY;
  /** The time at which the background may continue. */
  #backgroundMs = Number.NEGATIVE_INFINITY;
  /** The shortest time seen between a request and its response. */
  #fastestMs = Number.POSITIVE_INFINITY;
  #slowness = 1;
  /** True if someone has been waiting ever since the last turn. */
  #hasWaited = false;
  #isRunning = false;

  constructor(perSecond: number, now: () => Date, sleep: (ms: number) => Promise<void>) {
    this.#perSecond = perSecond;
    this.#now = now;
    this.#sleep = sleep;
  }

  /**
   * Resolves when the caller may send: at once, or after callers of a higher rank and those who have waited longer.
   * @param sinceMs when the wait of the call's subject began, in epoch ms, if that was before the call
   */
  pass(rank: Rank = 'run', sinceMs = this.#nowMs()): Promise<Turn> {
    return new Promise((resolve) => {
      if (this.#demand === null || ranks.indexOf(rank) < ranks.indexOf(this.#demand)) this.#demand = rank;
      const equals = this.#waiting.get(rank) ?? [];
      const later = equals.findIndex((other) => other.sinceMs > sinceMs);
      equals.splice(later < 0 ? equals.length : later, 0, { sinceMs, go: resolve });
      void this.#run();
    });
  }

  /** Slows down for a while after the cloud refused a request for exceeding the rate: others use the account too. */
  slowDown(): void {
    this.#slowness = Math.min(slower.most, this.#slowness * slower.step);
  }

  /**
   * Changes the rate from the next request on. At 0 everyone waits for the next change. Requests that were sent before
   * still count: after a cut the cloud sees the old rate for up to a second (see `countable`).
   */
  setRate(perSecond: number): void {
    this.#perSecond = perSecond;
    this.#onRate();
  }

  /** Returns the highest rank that waits now or has called `pass` since the last call of this method; null = none. */
  takeDemand(): Rank | null {
    const demand = ranks.find((rank) => this.#has(rank) || rank === this.#demand) ?? null;
    this.#demand = null;
    return demand;
  }

  /** Returns whether anyone waits now. */
  isAwaited(): boolean {
    return ranks.some((rank) => this.#has(rank));
  }

  /** Returns the number of requests that the cloud may have counted within the last second, or has yet to count. */
  countable(): number {
    const nowMs = this.#nowMs();
    const isIn = (leavesMs: number) => leavesMs > nowMs && leavesMs <= nowMs + windowMaxMs;
    return [...this.#leavingMs, ...this.#sent.map((sent) => this.#leavesMs(sent))].filter(isIn).length;
  }

  get #intervalMs(): number {
    return (secondMs / this.#perSecond) * this.#slowness;
  }

  #nowMs(): number {
    return this.#now().getTime();
  }

  #has(rank: Rank): boolean {
    return (this.#waiting.get(rank)?.length ?? 0) > 0;
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    while (this.isAwaited()) {
      await this.#dueTurn();
      await this.#backgroundTurn();
      // The rate may have been cut in the meantime.
      if (this.#sent.length >= this.#perSecond) continue;
      const rank = ranks.find((each) => this.#has(each));
      if (rank !== undefined) this.#give(rank);
      this.#hasWaited = true;
    }
    this.#hasWaited = false;
    this.#isRunning = false;
  }

  /** Waits until one more request may go out. */
  async #dueTurn(): Promise<void> {
    while (this.#sent.length >= this.#perSecond) {
      if (this.#perSecond < 1) {
        await new Promise<void>((resolve) => {
          this.#onRate = resolve;
        });
        continue;
      }
      const [oldest] = this.#sent;
      if (oldest === undefined) break;
      await this.#counted(oldest);
      this.#sent.shift();
    }
    for (let check = 0; check < checksMax; check += 1) {
      const pauseMs = Math.max(this.#slotMs, this.#floorMs) - this.#nowMs();
      if (pauseMs <= 0) return;
      // A clock that was set back must not stop the traffic.
      if (pauseMs > this.#longestPauseMs) this.#slotMs = this.#floorMs = this.#nowMs();
      else await this.#sleep(Math.ceil(pauseMs));
    }
  }

  /**
   * Extends the wait while only the background waits; a caller that arrives meanwhile waits at most until the next
   * turn.
   */
  async #backgroundTurn(): Promise<void> {
    let leftMs = Math.min(this.#backgroundMs - this.#nowMs(), this.#longestPauseMs);
    while (leftMs > 0 && !this.#has('run') && !this.#has('requested')) {
      const pauseMs = Math.ceil(Math.min(leftMs, this.#intervalMs));
      await this.#sleep(pauseMs);
      leftMs -= pauseMs;
    }
  }

  get #longestPauseMs(): number {
    return Math.max(windowMaxMs, this.#intervalMs / backgroundShare);
  }

  /** Waits until a request has certainly been counted, and stores when that was. */
  async #counted(request: Sent): Promise<void> {
    const { sentMs } = request;
    const leftMs = sentMs + transitMaxMs - this.#nowMs();
    if (request.doneMs === null && leftMs > 0)
      await Promise.race([request.done, this.#sleep(Math.min(leftMs, transitMaxMs))]);
    const leavesMs = this.#leavesMs(request);
    this.#floorMs = Math.max(this.#floorMs, leavesMs);
    this.#leavingMs = [...this.#leavingMs.filter((each) => each > this.#nowMs()), leavesMs];
  }

  /** Returns when a request will certainly have been counted more than a second ago, as far as is known now. */
  #leavesMs({ sentMs, doneMs }: Sent): number {
    const tookMs = Math.min(transitMaxMs, (doneMs ?? this.#nowMs()) - sentMs);
    const excessMs = Math.max(0, tookMs - (Number.isFinite(this.#fastestMs) ? this.#fastestMs : 0));
    return sentMs + secondMs + roundingMs + excessMs;
  }

  /**
   * Returns the next slot. Callers that have waited make up for delays of timers and slow responses, at four times the
   * pace at most; idle time is not made up for.
   */
  #nextSlotMs(sentMs: number, intervalMs: number): number {
    const isLate = this.#hasWaited && sentMs - this.#slotMs < secondMs;
    const even = (isLate ? this.#slotMs : sentMs) + intervalMs;
    return Math.max(even, sentMs + intervalMs / 4);
  }

  #give(rank: Rank): void {
    const next = this.#waiting.get(rank)?.shift();
    const sentMs = this.#nowMs();
    const intervalMs = this.#intervalMs;
    this.#slotMs = this.#nextSlotMs(sentMs, intervalMs);
    if (rank === 'background') this.#backgroundMs = sentMs + intervalMs / backgroundShare;
    this.#slowness = Math.max(1, this.#slowness * slower.recovery);
    let settle = () => {};
    const done = new Promise<void>((resolved) => {
      settle = resolved;
    });
    const sent: Sent = { sentMs, doneMs: null, done };
    this.#sent.push(sent);
    next?.go({
      done: () => {
        if (sent.doneMs !== null) return;
        sent.doneMs = this.#nowMs();
        this.#fastestMs = Math.min(this.#fastestMs, Math.max(0, sent.doneMs - sentMs));
        settle();
      },
    });
  }
}
