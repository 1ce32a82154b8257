import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import type { RehearsalProgress } from '@/lib/rehearsal/rehearsal-options';
import type { DrillEvent } from '@/lib/rehearsal/report/drill-report';
import type { FinishedRehearsal, RehearsalMessage, RehearsalOrder, RehearsalWork } from './child-messages';

/** The memory of a rehearsal's heap, in MB: several times what an event with hundreds of routes takes. */
const defaultMemoryMb = 768;

/** The variables of its environment: none of them is a secret. */
const environmentNames = ['PATH', 'TMPDIR', 'TZ', 'LANG'];

/** Thrown when a rehearsal's process has ended without a result: it was killed, or had too little memory. */
export class RehearsalEndedError extends Error {
  /** @param output the end of what it has written */
  constructor(code: number | null, signal: NodeJS.Signals | null, output: string) {
    const why = signal === null ? `code ${code}` : `signal ${signal}`;
    const told = output.trim() === '' ? '' : `: ${output.trim().split('\n').slice(-3).join(' ')}`;
    super(`the process of the rehearsal ended with ${why}${told}`);
  }
}

/** A rehearsal in its own process. */
export type StartedRehearsal = {
  readonly pid: number;
  /** Rejects with a `RehearsalEndedError` when the process ends without a result, as after `cancel`. */
  readonly result: Promise<FinishedRehearsal>;
  /** Lets it rest, or continue. */
  rest(isResting: boolean): void;
  /** Ends it at once. */
  cancel(): void;
};

const outputKept = 10_000;

/**
 * Starts a rehearsal in a process of its own, with a lower priority, a limit of its memory, and an environment without
 * keys. It shares nothing with the process that starts it but a channel, and ends with it.
 * @param program the file of the bundle `rehearsal`
 * @param onProgress called a few times per second at most
 * @param onEvent called with each event of a fire drill that has ended
 */
export function startRehearsalProcess(
  program: string,
  work: RehearsalWork,
  {
    onProgress = () => {},
    onEvent = () => {},
    memoryMb = defaultMemoryMb,
  }: {
    readonly onProgress?: (progress: RehearsalProgress) => void;
    readonly onEvent?: (event: DrillEvent) => void;
    readonly memoryMb?: number;
  } = {},
): StartedRehearsal {
  const given = environmentNames.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${memoryMb}`, '--no-deprecation', '--enable-source-maps', program],
    {
      env: { ...Object.fromEntries(given), NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  );
  const { pid } = child;
  if (pid !== undefined) lowerPriority(pid);
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-outputKept);
  });
  const result = new Promise<FinishedRehearsal>((resolve, reject) => {
    child.on('message', (message: RehearsalMessage) => {
      if (message.kind === 'progress') onProgress(message.progress);
      else if (message.kind === 'event') onEvent(message.event);
      else if (message.kind === 'done') resolve(message.result);
      else reject(new Error(message.message, { cause: message.stack }));
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => reject(new RehearsalEndedError(code, signal, output)));
  });
  // A caller may await it later.
  result.catch(() => {});
  child.send(work, (error) => {
    // The process has ended before it took its work: its exit says why.
    if (error !== null) child.kill('SIGKILL');
  });
  return {
    pid: pid ?? 0,
    result,
    rest: (isResting) => {
      const order: RehearsalOrder = { kind: isResting ? 'rest' : 'continue' };
      // One that has just ended needs no order.
      child.send(order, () => {});
    },
    cancel: () => void child.kill('SIGKILL'),
  };
}

/** Lets live runs go first. Some systems don't allow it; the process then competes like any other. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}
