import { release } from 'node:os';
import type { Logger } from 'pino';
import { createFolders, type Folders, removeFolders } from './folders';
import { FunctionProcess } from './function-process';
import type { Setup } from './function-protocol';
import { type FunctionUser, type Isolation, isolatedCommand, placeProblem } from './isolation';

/** An interpreter of this machine with its bootstrap. */
export type Runtime = {
  /** Absolute, resolved. */
  readonly file: string;
  readonly args: (memoryMb: number) => readonly string[];
  /** File or folder that it needs beside the system's own. */
  readonly needs: string | null;
  readonly version: string;
  /** Who sets the limit of memory: the kernel's before it starts, or the bootstrap itself. */
  readonly memory: 'kernel' | 'itself';
};

/** What to start, where. */
export type Launch = {
  readonly folders: Folders;
  readonly setup: Omit<Setup, 'codeDir' | 'mark'>;
  /** Who it runs as, where it has a user of its own. */
  readonly user: FunctionUser;
  readonly log: Logger;
};

/** Starts processes with the interpreter and the isolation that were found to work here. */
export type Launcher = {
  readonly runtime: Runtime;
  readonly isolation: Isolation;
  /** Why no stronger isolation works here; null for the strongest that was tried. */
  readonly weakerBecause: string | null;
  /** Whether all memory of a function is limited, or only the heap that the interpreter itself looks after. */
  readonly memory: 'all' | 'heap';
  /** Makes folders that functions can be started from; the code goes into them before. */
  createFolders(): Promise<Folders>;
  /** @returns the process, or why it didn't start */
  launch(launch: Launch): Promise<FunctionProcess | string>;
};

/** A function may keep 512 MB in /tmp: https://www.tencentcloud.com/document/product/583/11637 */
const FILE_MB = 512;
/** Processes and threads of one function process: Node.js itself has a dozen threads. */
const PROCESSES_MAX = 64;

/** Tries each level with each interpreter, by a real start, and keeps the first that works; null when none does. */
export async function createLauncher({
  runtimes,
  isolations,
  user,
  log,
}: {
  runtimes: readonly Runtime[];
  isolations: readonly Isolation[];
  /** Of the trials; the launcher's own processes have other users of the same group. */
  user: FunctionUser;
  log: Logger;
}): Promise<Launcher | null> {
  const failures: string[] = [];
  for (const isolation of isolations) {
    if (isolation === 'user' && !isRoot()) continue;
    for (const runtime of runtimes) {
      const tried = await tryOut(runtime, isolation, user, log);
      if (typeof tried !== 'string') {
        const weakerBecause = isolation === isolations[0] ? null : failures.join('; ');
        return launcherOf(runtime, { isolation, weakerBecause, group: user.group, dataKb: tried.dataKb });
      }
      log.debug({ isolation, runtime: runtime.file, failure: tried }, 'functions do not start this way here');
      if (isolation === isolations[0]) failures.push(`${runtime.file}: ${tried}`);
    }
  }
  return null;
}

/** What was found out by trying. */
type Found = Pick<Launcher, 'isolation' | 'weakerBecause'> & {
  readonly group: number;
  /** What the interpreter has before it runs any code, which is not the function's. */
  readonly dataKb: number | null;
};

function launcherOf(runtime: Runtime, { isolation, weakerBecause, group, dataKb }: Found): Launcher {
  const limited = runtime.memory === 'kernel' && dataKb !== null;
  return {
    runtime,
    isolation,
    weakerBecause,
    memory: runtime.memory === 'itself' || limited ? 'all' : 'heap',
    createFolders: () => foldersFor(isolation, group),
    async launch(launch) {
      const memoryKb = limited ? dataKb + launch.setup.memoryMb * 1024 : null;
      const started = await start(runtime, isolation, memoryKb, launch);
      return typeof started === 'string' ? started : started.process;
    },
  };
}

/** Only functions that run as another user outside of the jail reach into the folders from outside. */
function foldersFor(isolation: Isolation, group: number): Promise<Folders> {
  return createFolders(isolation === 'user' ? group : null);
}

async function tryOut(runtime: Runtime, isolation: Isolation, user: FunctionUser, log: Logger) {
  const problem = isolation === 'jail' ? placeProblem(runtime) : null;
  if (problem !== null) return problem;
  const folders = await foldersFor(isolation, user.group);
  const setup = { handler: '', environment: {}, memoryMb: 64, answerMax: 1 };
  try {
    const started = await start(runtime, isolation, null, { folders, setup, user, log });
    if (typeof started === 'string') return started;
    started.process.kill();
    await started.process.exited;
    return started;
  } finally {
    await removeFolders(folders);
  }
}

async function start(
  runtime: Runtime,
  isolation: Isolation,
  memoryKb: number | null,
  { folders, setup, user, log }: Launch,
): Promise<{ process: FunctionProcess; dataKb: number | null } | string> {
  const program = { ...runtime, args: runtime.args(setup.memoryMb) };
  const processes = countsAlone(isolation) ? PROCESSES_MAX : null;
  const limits = { memoryKb, fileMb: FILE_MB, processes };
  const command = isolatedCommand(isolation, program, limits, folders, { asRoot: isRoot(), user });
  const started = new FunctionProcess(command, runtime.memory === 'kernel', log);
  const ready = await started.start({ ...setup, codeDir: command.codeDir });
  return typeof ready === 'string' ? ready : { process: started, dataKb: ready.dataKb };
}

/**
 * Whether the processes of a function are counted apart from the user's others: it has a user of its own, or a user
 * namespace, whose processes Linux counts for themselves since 5.14
 * (https://man7.org/linux/man-pages/man2/getrlimit.2.html).
 */
function countsAlone(isolation: Isolation): boolean {
  if (isolation === 'weak') return false;
  if (isRoot()) return true;
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major > 5 || (major === 5 && minor >= 14);
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
