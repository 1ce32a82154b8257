import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { FunctionRuntimeOptions, RuntimeFacts } from '@/lib/sandbox/functions/runtime';
import type { FunctionCode } from '@/lib/sandbox/functions/runtimes/invocation';
import type { InvocationResult } from '../../../lib/sandbox/world/invoker';

/** Consecutive calls of one function, by a runtime in a separate process. */
export type Trial = {
  readonly options: Omit<FunctionRuntimeOptions, 'log' | 'idleMs'>;
  readonly code: FunctionCode;
  readonly events: readonly unknown[];
};
export type TrialOutcome = { readonly facts: RuntimeFacts; readonly results: readonly InvocationResult[] };

/** The settings of that process: its user (root only; others keep theirs), its Node.js, its additional descriptors. */
export type TrialProcess = {
  readonly uid?: number;
  readonly node?: string;
  /** By number, from 3 on. */
  readonly descriptors?: Readonly<Record<number, number>>;
};

const source = `
import { pino } from 'pino';
import { createFunctionRuntime } from '@/lib/sandbox/functions/runtime';
process.once('message', async ({ options, code, events }) => {
  const runtime = createFunctionRuntime({ ...options, log: pino({ level: 'silent' }) });
  const results = [];
  for (const event of events) results.push((await runtime.invoke(code, event, 'r')).result);
  const facts = await runtime.facts;
  await runtime.stop();
  process.send({ facts, results }, () => process.exit(0));
});
`;

/** A program that runs trials, with a folder for its files. */
export type TrialProgram = { readonly folder: string; readonly file: string };

/** Builds the program in a fresh folder that everyone may traverse. The caller removes it. */
export async function buildTrialProgram(): Promise<TrialProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-trial-'));
  await chmod(folder, 0o711);
  const file = join(folder, 'trial.mjs');
  await build({
    stdin: { contents: source, resolveDir: resolve(import.meta.dirname), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: file,
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    alias: { '@': resolve('.') },
  });
  return { folder, file };
}

/** Creates a folder owned by a user, if this process may change ownership. */
export async function makeFolder(path: string, uid: number | undefined): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o755 });
  if (uid !== undefined && process.getuid?.() === 0) await chown(path, uid, uid);
  return path;
}

/** Runs a trial. @throws Error if its process ends without an outcome */
export async function runTrial(
  { folder, file }: TrialProgram,
  trial: Trial,
  { uid, node = process.execPath, descriptors = {} }: TrialProcess = {},
): Promise<TrialOutcome> {
  const asOther = uid !== undefined && process.getuid?.() === 0;
  const last = Math.max(3, ...Object.keys(descriptors).map(Number));
  const further = Array.from({ length: last - 3 }, (_, at) => descriptors[at + 4] ?? 'ignore');
  const child = spawn(node, [file], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc', ...further],
    env: { ...process.env, TMPDIR: await makeFolder(join(folder, `tmp-${uid ?? 'own'}`), uid) },
    ...(asOther && { uid, gid: uid }),
  });
  child.send(trial);
  const [outcome] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code, signal]) => {
      throw new Error(`The process of the trial ended without an outcome: ${code ?? signal}`);
    }),
  ]);
  return outcome;
}
