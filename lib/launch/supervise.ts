import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Fall, judgeFall } from './restart-policy';

/** What a process lets us hear: a line of its output, or a message over its channel. */
export type Said =
  | { readonly kind: 'line'; readonly from: 'stdout' | 'stderr'; readonly line: string }
  | { readonly kind: 'message'; readonly message: unknown };

export type ServiceLog = {
  /** A line that a service's process wrote. */
  line(service: string, from: 'stdout' | 'stderr', line: string): void;
  /** What a person should know now: a fall, and that it is mended. */
  say(text: string): void;
};

type ServiceSpec<Ready> = {
  readonly name: string;
  /** Starts one process, in a process group of its own (`detached`) and with its output on pipes. */
  readonly start: () => ChildProcess | Promise<ChildProcess>;
  /** What the process says when it can be used; undefined for everything else. That line isn't logged: it may hold keys. */
  readonly ready: (said: Said) => Ready | undefined;
  /** Each time it has come up, the first included. */
  readonly onUp?: (facts: Ready) => void;
  /** What it says over its channel once it is up. */
  readonly onMessage?: (message: unknown) => void;
  readonly stopSignal: NodeJS.Signals;
  /** After this long a stopping process is killed, with its whole group. */
  readonly stopWithinMs: number;
  readonly log: ServiceLog;
};

export type Service<Ready> = {
  readonly name: string;
  /** The first time it was up; rejects when it can't be brought up. */
  readonly ready: Promise<Ready>;
  /** Never resolves; rejects when it keeps falling. */
  readonly broken: Promise<never>;
  /** Resolves when the process and its group are gone. */
  stop(): Promise<void>;
  /** Kills it without asking. */
  kill(): void;
  /** Ends it at once, and starts it again: it was told something at its start that no longer holds. */
  restart(why: string): void;
};

type State =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly child: ChildProcess }
  | { readonly kind: 'pausing'; readonly timer: NodeJS.Timeout }
  | { readonly kind: 'over' };

const LAST_LINES = 20;
const OUTPUT_BOUND_MS = 500;

/** Keeps one process alive until it is told to stop. */
export function supervise<Ready>(spec: ServiceSpec<Ready>): Service<Ready> {
  const ready = promiseOf<Ready>();
  const broken = promiseOf<never>();
  let state: State = { kind: 'starting' };
  let stopping = false;
  let falls: readonly Fall[] = [];
  let gone = promiseOf<void>();

  const breakDown = (error: Error): void => {
    if (state.kind === 'running') state.child.kill('SIGKILL');
    state = { kind: 'over' };
    gone.resolve();
    ready.reject(error);
    broken.reject(error);
  };

  /** Words that can't be understood are a defect of the program: starting it again would not help. */
  const understand = (said: Said): Ready | undefined => {
    try {
      return spec.ready(said);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      breakDown(new Error(`${spec.name} said something that makes no sense when it came up: ${why}`));
      return undefined;
    }
  };

  const launch = async (isRestart: boolean): Promise<void> => {
    state = { kind: 'starting' };
    gone = promiseOf<void>();
    let child: ChildProcess;
    try {
      child = await spec.start();
    } catch (error) {
      breakDown(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    state = { kind: 'running', child };
    if (stopping) terminate(child);
    let isReady = false;
    const lastLines: string[] = [];
    const hear = (said: Said): void => {
      const facts = isReady ? undefined : understand(said);
      if (facts !== undefined) {
        isReady = true;
        spec.onUp?.(facts);
        ready.resolve(facts);
        if (isRestart) spec.log.say(`${spec.name} is up again`);
      } else if (said.kind === 'message') {
        if (isReady) spec.onMessage?.(said.message);
      } else {
        lastLines.push(said.line);
        if (lastLines.length > LAST_LINES) lastLines.shift();
        spec.log.line(spec.name, said.from, said.line);
      }
    };
    for (const from of ['stdout', 'stderr'] as const) {
      const stream = child[from];
      if (stream) createInterface({ input: stream }).on('line', (line) => hear({ kind: 'line', from, line }));
    }
    child.on('message', (message) => hear({ kind: 'message', message }));
    child.on('error', (error) => {
      // It could not be started at all, and no 'exit' follows.
      if (child.pid === undefined)
        breakDown(new Error(`${spec.name} could not be started: ${error.message}`));
    });
    // 'close' comes after 'exit', when the output has been read to its end as well.
    child.on('exit', () => {
      killGroup(child);
      // A stranger who inherited the output would hold 'close' back for as long as it lives.
      const bound = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, OUTPUT_BOUND_MS);
      child.once('close', () => clearTimeout(bound));
    });
    child.on('close', (code, signal) => {
      if (state.kind === 'over') return;
      gone.resolve();
      if (stopping) {
        state = { kind: 'over' };
        return;
      }
      const judged = judgeFall([
        ...falls,
        { at: Date.now(), wasReady: isReady, wasKilled: signal === 'SIGKILL' },
      ]);
      falls = judged.remember;
      const what = `${spec.name} ended with ${signal ?? `code ${code}`}`;
      if (judged.verdict.kind === 'give up') {
        breakDown(
          new Error(`${what}, again and again. Its last words:\n  ${lastLines.join('\n  ') || '(none)'}`),
        );
        return;
      }
      spec.log.say(`${what}; starting it again`);
      state = { kind: 'pausing', timer: setTimeout(launch, judged.verdict.afterMs, true) };
    });
  };

  const terminate = (child: ChildProcess): void => {
    child.kill(spec.stopSignal);
    const bound = setTimeout(() => {
      spec.log.say(`${spec.name} did not stop within ${spec.stopWithinMs / 1000} s; killing it`);
      child.kill('SIGKILL');
    }, spec.stopWithinMs);
    child.once('exit', () => clearTimeout(bound));
  };

  void launch(false);
  return {
    name: spec.name,
    ready: ready.promise,
    broken: broken.promise,
    async stop() {
      if (stopping) return gone.promise;
      stopping = true;
      if (state.kind === 'pausing') {
        clearTimeout(state.timer);
        state = { kind: 'over' };
      }
      if (state.kind === 'running') terminate(state.child);
      return gone.promise;
    },
    kill() {
      stopping = true;
      if (state.kind === 'running') {
        state.child.kill('SIGKILL');
        killGroup(state.child);
      }
    },
    restart(why) {
      spec.log.say(`${spec.name}: ${why}`);
      if (state.kind === 'running') state.child.kill('SIGKILL');
    },
  };
}

/** What a dead process leaves behind in its group goes with it. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function promiseOf<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((whenDone, whenFailed) => {
    resolve = whenDone;
    reject = whenFailed;
  });
  // A service nobody waits for yet may fail all the same; whoever does wait still hears of it.
  promise.catch(() => {});
  return { promise, resolve, reject };
}
