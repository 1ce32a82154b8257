import type { Logger } from 'pino';
import type { Python } from './find-python';
import { createFolders, type Folders, removeFolders, removeStaleFolders } from './folders';
import { FunctionProcess, type Setup } from './function-process';
import { type Isolation, isolatedCommand } from './isolation';

/** Starts processes with the interpreter and the isolation that were found to work here. */
export type Launcher = {
  readonly python: Python;
  readonly isolation: Isolation;
  /** Starts one process; `slot` (0–15) chooses its user. @returns the process, or why it didn't start. */
  launch(
    folders: Folders,
    setup: Omit<Setup, 'codeDir'>,
    slot: number,
    log: Logger,
  ): Promise<FunctionProcess | string>;
};

/**
 * User ids for function code: above every account that a system makes by itself, below `nobody` (65534) and inside the
 * 65,536 ids that a container may have. Each process of the sandbox takes a band of 16, so that two seldom share.
 * https://www.debian.org/doc/debian-policy/ch-opersys.html#uid-and-gid-classes
 */
const FIRST_UID = 64_100;
const BANDS = 50;
const SLOTS = 16;

/** Tries each level with each interpreter, by a real start, and keeps the first that works; null when none does. */
export async function createLauncher({
  pythons,
  isolations,
  log,
}: {
  pythons: readonly Python[];
  isolations: readonly Isolation[];
  log: Logger;
}): Promise<Launcher | null> {
  await removeStaleFolders(log);
  const asRoot = process.getuid?.() === 0;
  for (const isolation of isolations) {
    if (isolation === 'user' && !asRoot) continue;
    for (const python of pythons) {
      const launcher = launcherOf(python, isolation, asRoot);
      const failure = await probe(launcher, log);
      if (failure === null) return launcher;
      log.debug({ isolation, python: python.file, failure }, 'this way to run functions does not work here');
    }
  }
  return null;
}

function launcherOf(python: Python, isolation: Isolation, asRoot: boolean): Launcher {
  return {
    python,
    isolation,
    async launch(folders, setup, slot, log) {
      const uid = FIRST_UID + (process.pid % BANDS) * SLOTS + slot;
      const command = isolatedCommand(isolation, python, folders, { asRoot, uid });
      const started = new FunctionProcess(command, log);
      const failure = await started.start({ ...setup, codeDir: command.codeDir });
      if (failure === null) return started;
      await started.exited;
      return failure;
    },
  };
}

async function probe(launcher: Launcher, log: Logger): Promise<string | null> {
  const folders = await createFolders();
  const setup = { handler: '', environment: {}, memoryMb: 64, fileMb: 1, processes: 8, answerMax: 1 };
  try {
    const started = await launcher.launch(folders, setup, 0, log);
    if (typeof started === 'string') return started;
    started.kill();
    await started.exited;
    return null;
  } finally {
    await removeFolders(folders);
  }
}
