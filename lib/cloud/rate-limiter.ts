/** Who goes first when several wait: what a run asks, a sync that somebody asked for, one in the background. */
export const ranks = ['run', 'asked', 'background'] as const;
export type Rank = (typeof ranks)[number];

/** Leave to send one request. */
export type Turn = {
  /** To be called when the answer has come, or none will. Calling it again does nothing. */
  readonly done: () => void;
};

const secondMs = 1000;

/** A request without an answer for so long has been counted by the cloud, or never came there. */
const transitMaxMs = 3000;

/** Timers of a busy process fire early, so the clock is asked again; not for ever, or a pause that ends at once would spin. */
const looksMax = 5;

/** Clocks show whole milliseconds: a second between two readings of them may be up to one shorter. */
const roundingMs = 1;

/** The background leaves this share of the rate to others, of this process and of others on the account. */
const backgroundShare = 0.5;

/** By how much a refusal slows down, at most how much in all, and how much of that each turn takes back. */
const slower = { step: 1.5, most: 4, recovery: 0.98 };

/** Times further ahead than any pause come from a clock that was set back. */
const windowMaxMs = secondMs + transitMaxMs + roundingMs;

type Waiting = { readonly sinceMs: number; readonly go: (turn: Turn) => void };

type Sent = { readonly sentMs: number; doneMs: number | null; readonly done: Promise<void> };

/**
 * Lets callers through at even distances, so that the cloud never counts more than `perSecond` in any second.
 *
 * When the cloud counts a request is known only within limits: after it was sent, before its answer came. A request goes
 * out once a second has passed since the one `perSecond` before it had been counted for certain: a second after it was sent,
 * and as much later as its answer took longer than the fastest one so far. So the whole rate can be used, and a slow network
 * or a busy cloud pushes no two seconds together.
 */
export class RateLimiter {
  #perSecond: number;
  readonly #now: () => Date;
  readonly #sleep: (ms: number) => Promise<void>;
  /** By rank, in the order in which they go. */
  readonly #waiting = new Map<Rank, Waiting[]>(ranks.map((rank) => [rank, []]));
  /** The last `perSecond` requests, oldest first. */
  #sent: Sent[] = [];
  /** When older ones leave the last second in which the cloud may have counted them. */
  #leavingMs: number[] = [];
  /** The highest rank that asked since `takeDemand`. */
  #demand: Rank | null = null;
  /** Ends the wait of those who have no rate at all. */
  #onRate = () => {};
  /** No request goes out before: all older ones were counted more than a second ago then. */
  #floorMs = Number.NEGATIVE_INFINITY;
  /** When the next turn is due at even distances. */
  #slotMs = Number.NEGATIVE_INFINITY;
  /** When the background may go on. */
  #backgroundMs = Number.NEGATIVE_INFINITY;
  /** Between a request and its answer, the least that was seen. */
  #fastestMs = Number.POSITIVE_INFINITY;
  #slowness = 1;
  /** Whether somebody has been waiting ever since the last turn. */
  #hasWaited = false;
  #isRunning = false;

  constructor(perSecond: number, now: () => Date, sleep: (ms: number) => Promise<void>) {
    this.#perSecond = perSecond;
    this.#now = now;
    this.#sleep = sleep;
  }

  /**
   * Resolves when the caller may send: at once, or after those of a higher rank and those who have waited longer.
   * @param sinceMs from when on what the call is about has waited, in epoch ms, where that began before the call
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

  /** The cloud refused a request as one too many: others use the account too. Slows down for a while. */
  slowDown(): void {
    this.#slowness = Math.min(slower.most, this.#slowness * slower.step);
  }

  /**
   * Changes the rate from the next request on. At 0 everybody waits for the next change.
   * What went out before still counts: after a cut the cloud sees the old rate for up to a second (see `countable`).
   */
  setRate(perSecond: number): void {
    this.#perSecond = perSecond;
    this.#onRate();
  }

  /** The highest rank that waits now or asked since the last call of this; null = nobody. */
  takeDemand(): Rank | null {
    const demand = ranks.find((rank) => this.#has(rank) || rank === this.#demand) ?? null;
    this.#demand = null;
    return demand;
  }

  /** How many requests the cloud may have counted within the last second, or has yet to count. */
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
    while (ranks.some((rank) => this.#has(rank))) {
      await this.#dueTurn();
      await this.#backgroundTurn();
      // The rate may have been cut meanwhile.
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
    for (let look = 0; look < looksMax; look += 1) {
      const pauseMs = Math.max(this.#slotMs, this.#floorMs) - this.#nowMs();
      if (pauseMs <= 0) return;
      // A clock that was set back must not stop the traffic.
      if (pauseMs > this.#longestPauseMs) this.#slotMs = this.#floorMs = this.#nowMs();
      else await this.#sleep(Math.ceil(pauseMs));
    }
  }

  /** Where only the background waits, it waits longer; whoever comes meanwhile waits no longer than to the next turn. */
  async #backgroundTurn(): Promise<void> {
    let leftMs = Math.min(this.#backgroundMs - this.#nowMs(), this.#longestPauseMs);
    while (leftMs > 0 && !this.#has('run') && !this.#has('asked')) {
      const pauseMs = Math.ceil(Math.min(leftMs, this.#intervalMs));
      await this.#sleep(pauseMs);
      leftMs -= pauseMs;
    }
  }

  get #longestPauseMs(): number {
    return Math.max(windowMaxMs, this.#intervalMs / backgroundShare);
  }

  /** Waits until a request has been counted for certain, and keeps when that was. */
  async #counted(request: Sent): Promise<void> {
    const { sentMs } = request;
    const leftMs = sentMs + transitMaxMs - this.#nowMs();
    if (request.doneMs === null && leftMs > 0)
      await Promise.race([request.done, this.#sleep(Math.min(leftMs, transitMaxMs))]);
    const leavesMs = this.#leavesMs(request);
    this.#floorMs = Math.max(this.#floorMs, leavesMs);
    this.#leavingMs = [...this.#leavingMs.filter((each) => each > this.#nowMs()), leavesMs];
  }

  /** When a request was counted more than a second ago, as far as can be said by now. */
  #leavesMs({ sentMs, doneMs }: Sent): number {
    const tookMs = Math.min(transitMaxMs, (doneMs ?? this.#nowMs()) - sentMs);
    const excessMs = Math.max(0, tookMs - (Number.isFinite(this.#fastestMs) ? this.#fastestMs : 0));
    return sentMs + secondMs + roundingMs + excessMs;
  }

  /**
   * Those who have waited make up for what timers and slow answers have cost them, at four times the pace at most; a time in
   * which nobody asked is not made up for.
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
