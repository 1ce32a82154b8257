import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Crash, nextRestart } from './restart-policy';

/** The output of a process: a line of text, or a message over its channel. */
export type ProcessOutput =
  | { readonly kind: 'line'; readonly from: 'stdout' | 'stderr'; readonly line: string }
  | { readonly kind: 'message'; readonly message: unknown };

export type ServiceLog = {
  /** A line that the process wrote. */
  line(service: string, from: 'stdout' | 'stderr', line: string): void;
  /** Reports to the operator, for example that a process has ended or is ready again. */
  say(text: string): void;
};

type ServiceSpec<Ready> = {
  readonly name: string;
  /** Runs before each start, such as a build. */
  readonly prepare?: () => Promise<unknown>;
  /** Starts one process, in its own process group (`detached`) and with its output on pipes. */
  readonly start: () => ChildProcess;
  /**
   * Returns the facts of the process's ready message; undefined for any other output. The message isn't logged, because
   * it may contain keys.
   */
  readonly ready: (output: ProcessOutput) => Ready | undefined;
  /** Called each time the process is ready, including the first time. */
  readonly onUp?: (facts: Ready) => void;
  /** Called with messages over its channel once it is ready. */
  readonly onMessage?: (message: unknown) => void;
  /** Called each time the status has changed. */
  readonly onStatus?: () => void;
  readonly stopSignal: NodeJS.Signals;
  /** The time after which a stopping process is killed with its whole group. */
  readonly stopWithinMs: number;
  /** The longest pause between two attempts to start it; 5 s by default. */
  readonly longestPauseMs?: number;
  readonly log: ServiceLog;
};

export type ServiceStatus =
  | { readonly kind: 'starting' | 'up' /** Epoch ms. */; readonly since: number }
  /** It has ended or can't be started, and is being retried. */
  | {
      readonly kind: 'failing';
      /** Since when it has been down, in epoch ms. */
      readonly since: number;
      readonly tries: number;
      /**
       * One sentence for the on-call operator. It is shown on the health page, so it contains no output of the process.
       */
      readonly reason: string;
    }
  | { readonly kind: 'stopped'; readonly since: number };

export type SupervisedService<Ready> = {
  readonly name: string;
  /** Resolves when it is ready for the first time; this may take any time. */
  readonly ready: Promise<Ready>;
  /**
   * Resolves when it is ready for the first time or its first attempt has failed, so that others need not wait longer.
   */
  readonly tried: Promise<void>;
  status(): ServiceStatus;
  /** Sends the process a message over its channel; does nothing if it has no channel or is not running. */
  send(message: object): void;
  /** Resolves when the process and its group have ended. */
  stop(): Promise<void>;
  /** Kills it immediately. */
  kill(): void;
  /**
   * Restarts it at once, because a value passed at its start is no longer valid; this doesn't count as a failure.
   * @param why a reason for the operator, such as "the sandbox's addresses changed"
   */
  restart(why: string): void;
};

type State =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly child: ChildProcess }
  | { readonly kind: 'pausing'; readonly timer: NodeJS.Timeout }
  | { readonly kind: 'over' };

/** For the output of commands before a start, such as a build. */
const DETAILS_SHOWN = 20;
const OUTPUT_BOUND_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
/** The first failures in a row are each reported at the terminal; later ones once a minute. */
const TOLD_AT_ONCE = 3;
const TELL_EVERY_MS = 60_000;

/**
 * Keeps one process running until it is stopped. A process that can't be started or keeps crashing is retried
 * indefinitely; it doesn't affect others.
 */
export function supervise<Ready>(spec: ServiceSpec<Ready>): SupervisedService<Ready> {
  const supervisor = new Supervisor(spec);
  void supervisor.launch();
  return {
    name: spec.name,
    ready: supervisor.ready.promise,
    tried: supervisor.tried.promise,
    status: () => supervisor.status,
    send: (message) => supervisor.send(message),
    stop: () => supervisor.stop(),
    kill: () => supervisor.kill(),
    restart: (why) => supervisor.restart(why),
  };
}

/** The unexpected end of a process, or a failed start, with lines that explain it. */
type Failure = Omit<Crash, 'at'> & { readonly reason: string; readonly details?: readonly string[] };

class Supervisor<Ready> {
  readonly ready = createPromise<Ready>();
  readonly tried = createPromise<void>();
  status: ServiceStatus = { kind: 'starting', since: Date.now() };
  readonly #spec: ServiceSpec<Ready>;
  #state: State = { kind: 'starting' };
  /** Resolves when the current process and its group have ended. */
  #gone = createPromise<void>();
  #isStopping = false;
  /** True from a requested restart until the process has ended, which is then no failure. */
  #isRestarting = false;
  /** True from the end of its process until it is ready again. */
  #isDown = false;
  #falls: readonly Crash[] = [];
  /** The number of consecutive failures. */
  #failures = 0;
  #toldAt = 0;

  constructor(spec: ServiceSpec<Ready>) {
    this.#spec = spec;
  }

  /** Prepares and starts the process. A failure of either is retried, like the end of the process. */
  async launch(): Promise<void> {
    const { name, prepare, start } = this.#spec;
    this.#state = { kind: 'starting' };
    this.#gone = createPromise<void>();
    try {
      await prepare?.();
      if (this.#isStopping) return;
      // Listeners are attached before it can send anything, because a start that fails reports that at once.
      this.#follow(start());
    } catch (error) {
      if (this.#isStopping) return;
      // Its first line is the reason; the rest may be the output of a command.
      const [first, ...details] = errorMessage(error).split('\n');
      this.#fail({ ...neverReady(name, first), details: details.slice(-DETAILS_SHOWN) });
    }
  }

  send(message: object): void {
    const state = this.#state;
    // If the channel closes first, the end of the process reports it.
    if (state.kind === 'running' && state.child.connected) state.child.send(message, () => {});
  }

  async stop(): Promise<void> {
    const state = this.#state;
    if (!this.#isStopping) {
      this.#isStopping = true;
      if (state.kind === 'running') {
        this.#terminate(state.child);
      } else {
        // A stop does not wait for the preparation, such as a build, which may take minutes.
        if (state.kind === 'pausing') clearTimeout(state.timer);
        this.#state = { kind: 'over' };
        this.#gone.resolve();
      }
    }
    return this.#gone.promise;
  }

  kill(): void {
    this.#isStopping = true;
    if (this.#state.kind !== 'running') return;
    this.#state.child.kill('SIGKILL');
    killGroup(this.#state.child);
  }

  restart(why: string): void {
    this.#spec.log.say(`restarting ${this.#spec.name}: ${why}`);
    if (this.#state.kind !== 'running') return;
    this.#isRestarting = true;
    this.#state.child.kill('SIGKILL');
  }

  #become(status: ServiceStatus): void {
    this.status = status;
    this.#spec.onStatus?.();
  }

  /** Follows a process from its start to its end. */
  #follow(child: ChildProcess): void {
    const { name, log } = this.#spec;
    this.#state = { kind: 'running', child };
    let isReady = false;
    /** The first reason why this process is unusable, other than its exit code. */
    let fault: string | null = null;
    const handleOutput = (output: ProcessOutput): void => {
      const facts = isReady ? undefined : this.#spec.ready(output);
      if (facts !== undefined) {
        isReady = true;
        this.#comeUp(facts);
      } else if (output.kind === 'message') {
        if (isReady) this.#spec.onMessage?.(output.message);
        else fault ??= faultIn(name, output.message);
      } else {
        log.line(name, output.from, output.line);
      }
    };
    /**
     * Handles a message and catches errors: a malformed message is a bug of the sender and must not end this process.
     */
    const handleOutputSafely = (output: ProcessOutput): void => {
      try {
        handleOutput(output);
      } catch (error) {
        const reason = `${name} sent an invalid message: ${errorMessage(error)}`;
        if (isReady) {
          log.say(reason);
        } else {
          fault ??= reason;
          child.kill('SIGKILL');
        }
      }
    };
    readOutput(child, handleOutputSafely);
    child.on('error', (error) => {
      // It could not be started, so no 'exit' follows.
      if (child.pid === undefined) this.#end(neverReady(name, error.message));
    });
    child.on('close', (code, signal) => {
      if (child.pid === undefined) return;
      const reason = fault ?? `${name} ended with ${signal ?? `code ${code}`}`;
      this.#end({ reason, wasReady: isReady, wasKilled: signal === 'SIGKILL' && fault === null });
    });
  }

  #comeUp(facts: Ready): void {
    const { name, log, onUp } = this.#spec;
    const isBack = this.#isDown;
    this.#isDown = false;
    this.#failures = 0;
    this.#become({ kind: 'up', since: Date.now() });
    this.ready.resolve(facts);
    this.tried.resolve();
    if (isBack) log.say(`${name} is ready again`);
    onUp?.(facts);
  }

  /** Handles the end of the process, which may have been requested. */
  #end(failure: Failure): void {
    const wasRestart = this.#isRestarting;
    this.#isRestarting = false;
    this.#gone.resolve();
    if (this.#isStopping) {
      this.tried.resolve();
      this.#state = { kind: 'over' };
      this.#become({ kind: 'stopped', since: Date.now() });
    } else if (wasRestart && failure.wasKilled) {
      this.#isDown = true;
      this.#become({ kind: 'starting', since: Date.now() });
      void this.launch();
    } else {
      this.#fail(failure);
    }
  }

  /** Reports a failure, and starts the process again after a pause. */
  #fail({ reason, details = [], ...how }: Failure): void {
    const { log, longestPauseMs = LONGEST_PAUSE_MS } = this.#spec;
    this.tried.resolve();
    this.#isDown = true;
    const now = Date.now();
    const { pauseMs, remember } = nextRestart([...this.#falls, { at: now, ...how }], longestPauseMs);
    this.#falls = remember;
    this.#failures = how.wasReady ? 1 : this.#failures + 1;
    if (this.#failures <= TOLD_AT_ONCE || now - this.#toldAt >= TELL_EVERY_MS) {
      this.#toldAt = now;
      const often = this.#failures <= TOLD_AT_ONCE ? '' : ` (${this.#failures} times in a row)`;
      log.say([`${reason}${often}; restarting it`, ...details].join('\n  '));
    }
    const since = this.status.kind === 'failing' ? this.status.since : now;
    this.#become({ kind: 'failing', since, tries: this.#failures, reason });
    this.#state = { kind: 'pausing', timer: setTimeout(() => void this.launch(), pauseMs) };
  }

  /** Asks the process to stop, and kills it if that takes too long. */
  #terminate(child: ChildProcess): void {
    const { name, log, stopSignal, stopWithinMs } = this.#spec;
    child.kill(stopSignal);
    const bound = setTimeout(() => {
      log.say(`${name} did not stop within ${stopWithinMs / 1000} s; killing it`);
      child.kill('SIGKILL');
    }, stopWithinMs);
    child.once('exit', () => clearTimeout(bound));
  }
}

function neverReady(name: string, why = ''): Failure {
  return { reason: `${name} could not be started: ${why}`, wasReady: false, wasKilled: false };
}

/** Passes on all output of a process, and kills the rest of its group when it has ended. */
function readOutput(child: ChildProcess, onOutput: (output: ProcessOutput) => void): void {
  for (const from of ['stdout', 'stderr'] as const) {
    const input = child[from];
    if (input) createInterface({ input }).on('line', (line) => onOutput({ kind: 'line', from, line }));
  }
  child.on('message', (message) => onOutput({ kind: 'message', message }));
  // 'close' follows 'exit' when all output has been read.
  child.on('exit', () => {
    killGroup(child);
    // An unrelated process that inherited the output would delay 'close' until it ends.
    const bound = setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, OUTPUT_BOUND_MS);
    child.once('close', () => clearTimeout(bound));
  });
}

/**
 * Returns the reason that a process reports when it can't start: `{ type: 'failed', reason }`. It may be shown on the
 * health page.
 */
function faultIn(name: string, message: unknown): string | null {
  if (typeof message !== 'object' || message === null || !('type' in message) || !('reason' in message))
    return null;
  if (message.type !== 'failed' || typeof message.reason !== 'string') return null;
  return `${name} can't start: ${message.reason.slice(0, 500).replace(/\.$/, '')}`;
}

function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Kills the remaining processes of a dead process's group. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function createPromise<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((whenDone) => {
    resolve = whenDone;
  });
  return { promise, resolve };
}
