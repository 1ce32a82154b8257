/** Time as the sandbox sees it. Times are epoch milliseconds. */
export interface SandboxClock {
  now(): number;
  /** Runs `work` once at `time` (soon, but never within this call, when it has passed). @returns a function that calls it off. */
  at(time: number, work: () => void): () => void;
}

/** What a clock runs on. */
export type Machine = {
  now(): number;
  /** @returns a function that calls it off. */
  after(ms: number, work: () => void): () => void;
};

/** Longer waits overflow: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const longestWaitMs = 2 ** 31 - 1;

/** Its timers don't keep the process alive. */
const thisMachine: Machine = {
  now: () => Date.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** The machine's time, or one that runs `rate` times as fast: 0 = it stands still and is moved by hand. */
export type ClockMode =
  | { readonly mode: 'real' }
  | { readonly mode: 'virtual'; readonly now: number; readonly rate: number };

type Timer = { readonly time: number; readonly work: () => void };

/**
 * The clock of a sandbox: real, standing still, or fast, and it can be switched at any time. Timers fire in the order
 * of their times, never before them, and none is lost by a switch. Set back, it leaves them waiting for their time.
 */
export class SwitchableClock implements SandboxClock {
  readonly #machine: Machine;
  #mode: ClockMode = { mode: 'real' };
  /** The machine's time when the mode was set. */
  #since = 0;
  /** While time is moved by hand: where it is. */
  #passing: number | null = null;
  /** In the order in which they fire. */
  #timers: Timer[] = [];
  #unset: () => void = () => {};

  constructor(machine: Machine = thisMachine) {
    this.#machine = machine;
  }

  now(): number {
    if (this.#passing !== null) return this.#passing;
    const machine = this.#machine.now();
    if (this.#mode.mode === 'real') return machine;
    return this.#mode.now + Math.floor(Math.max(0, machine - this.#since) * this.#mode.rate);
  }

  mode(): ClockMode {
    return this.#mode.mode === 'real' ? this.#mode : { ...this.#mode, now: this.now() };
  }

  at(time: number, work: () => void): () => void {
    const timer: Timer = { time, work };
    const place = this.#timers.findLastIndex((other) => other.time <= time) + 1;
    this.#timers.splice(place, 0, timer);
    if (place === 0) this.#set();
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index < 0) return;
      this.#timers.splice(index, 1);
      if (index === 0) this.#set();
    };
  }

  /** Follows the machine's time again, wherever that leaves the hands. */
  setReal(): void {
    this.#mode = { mode: 'real' };
    this.#set();
  }

  /** Goes on from where it is at so many times the machine's speed; 0 stands still. */
  setVirtual(rate: number): void {
    this.#hold(this.now(), rate);
    this.#set();
  }

  /**
   * Moves a virtual clock to a time; nothing happens on the machine's. Forwards, what comes due on the way fires on the
   * way, each at its own time. Backwards, nothing fires.
   */
  moveTo(time: number): void {
    if (this.#mode.mode === 'real') return;
    const { rate } = this.#mode;
    this.#passing = this.now();
    try {
      for (let next = this.#timers[0]; next && next.time <= time; next = this.#timers[0]) {
        this.#timers.shift();
        this.#passing = Math.max(this.#passing, next.time);
        next.work();
      }
    } finally {
      this.#passing = null;
      this.#hold(time, rate);
      this.#set();
    }
  }

  #hold(now: number, rate: number): void {
    this.#mode = { mode: 'virtual', now, rate };
    this.#since = this.#machine.now();
  }

  /** Sets the machine's timer for whatever is next. */
  #set(): void {
    this.#unset();
    this.#unset = () => {};
    const [next] = this.#timers;
    if (!next || this.#passing !== null) return;
    const rate = this.#mode.mode === 'real' ? 1 : this.#mode.rate;
    const ahead = Math.max(0, next.time - this.now());
    if (ahead > 0 && rate === 0) return;
    const wait = ahead === 0 ? 0 : Math.min(longestWaitMs, Math.ceil(ahead / rate));
    this.#unset = this.#machine.after(wait, () => this.#wake());
  }

  /** Fires what is due. What its work adds waits for the next time, so that work which repeats itself blocks nobody. */
  #wake(): void {
    const now = this.now();
    const later = this.#timers.findIndex((timer) => timer.time > now);
    const due = this.#timers.slice(0, later < 0 ? this.#timers.length : later);
    try {
      for (const timer of due) {
        const index = this.#timers.indexOf(timer);
        // Called off by what fired before it.
        if (index < 0) continue;
        this.#timers.splice(index, 1);
        timer.work();
      }
    } finally {
      this.#set();
    }
  }
}

const beijingOffsetMs = 8 * 3_600_000;

/**
 * A time as CLB, SCF and DNSPod answer it: `2024-12-17 17:52:48`, without a zone, in Beijing time (UTC+8).
 * Assumption: the API pages show the form but do not name the zone.
 */
export function cloudTime(epochMs: number): string {
  return new Date(epochMs + beijingOffsetMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** The other form, which CVM and the versions of CAM's policies have: `2019-08-09T10:31:47Z`, in UTC to the second. */
export function isoTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
