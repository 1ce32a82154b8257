import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Plugin } from 'esbuild';
import { webEnvironment } from '@/lib/launch/processes/child-environment';
import { testKeys } from './test-keys';
import { bundleTestProgram } from './test-program';
import type { WebVerbs } from './test-web-verbs';

export type TestWeb = { readonly verbs: WebVerbs; stop(): Promise<void> };

/**
 * Starts a dashboard of another build as a separate process. Send it one request at a time.
 * @param changes its differences from this build
 */
export async function startTestWeb(databaseUrl: string, ...changes: readonly Plugin[]): Promise<TestWeb> {
  const program = await bundleTestProgram('testing/launch/test-web-program.ts', ...changes);
  const { PATH, SPILLWAY_KEEP_ALIVE_S } = process.env;
  const own = { PATH, SPILLWAY_KEEP_ALIVE_S, SPILLWAY_SIGN_IN: 'off' };
  const child = spawn(process.execPath, ['--no-deprecation', program.file], {
    env: webEnvironment(own, databaseUrl, testKeys, null),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const listeners = () =>
    Promise.race([
      once(child, 'message'),
      exited.then(() => {
        throw new Error('the dashboard is gone');
      }),
    ]);
  await listeners();
  const ask =
    (verb: keyof WebVerbs) =>
    async (...args: readonly unknown[]) => {
      const answered = listeners();
      child.send({ verb, args });
      const [{ answer }] = await answered;
      return answer;
    };
  return {
    verbs: {
      startSync: ask('startSync'),
      createPlan: ask('createPlan'),
      getPlan: ask('getPlan'),
      applyPlan: ask('applyPlan'),
      commandRun: ask('commandRun'),
    },
    async stop() {
      child.kill('SIGKILL');
      await exited;
      program.remove();
    },
  };
}
