import type { Logger } from 'pino';
import type { FunctionInvocation } from '../world/invoker';
import type { CodeFolders, Member, Pool } from './pool';
import type { FunctionProcess } from './runtimes/function-process';
import { type FunctionCode, unrun } from './runtimes/invocation';
import type { Launcher } from './runtimes/launcher';
import { unpackCode } from './runtimes/unpack-code';

/** The largest response of a synchronous call, in bytes: https://www.tencentcloud.com/document/product/583/11637 */
const ANSWER_MAX = 6 * 1024 * 1024;

/** Creates the folders of a version and unpacks its code into them. */
export async function createCodeFolders(launcher: Launcher, code: FunctionCode): Promise<CodeFolders> {
  const folders = await launcher.createFolders();
  const unpacked = await unpackCode(code.zip, folders.code);
  return { folders, refused: unpacked.ok ? null : unpacked.error };
}

export type StartOptions = {
  readonly log: Logger;
  /** The first user id of the pools: the member's own is its slot further. */
  readonly firstUid: number;
  /** Returns true if the sandbox is stopping; the process is then killed at once. */
  readonly isStopped: () => boolean;
};

/**
 * Starts the process of a member and loads the code into it.
 * @returns the process, or the result of an invocation that failed because none started
 */
export async function startMember(
  { code, launcher, folders }: Pool,
  member: Member,
  { log, firstUid, isStopped }: StartOptions,
): Promise<FunctionProcess | FunctionInvocation> {
  const prepared = await folders;
  if (prepared.refused !== null) return unrun({ kind: 'userError', message: prepared.refused });
  const started = await launcher.launch({
    folders: prepared.folders,
    setup: buildSetup(code),
    log: log.child({ function: `${code.namespace}/${code.name}`, version: code.version }),
    user: { uid: firstUid + member.slot, group: firstUid },
  });
  if (typeof started === 'string') return unrun({ kind: 'exited', detail: started });
  member.process = started;
  if (isStopped()) started.kill();
  const failed = await started.load(code);
  return failed === null ? started : { ...failed, coldStart: true };
}

function buildSetup(code: FunctionCode) {
  return {
    handler: code.handler,
    memoryMb: code.memoryMb,
    answerMax: ANSWER_MAX,
    environment: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LANG: 'C.UTF-8',
      ...code.environment,
      SCF_RUNTIME: code.runtime,
      SCF_NAMESPACE: code.namespace,
      SCF_FUNCTIONNAME: code.name,
      SCF_FUNCTIONVERSION: code.version,
      TENCENTCLOUD_RUNENV: 'SCF',
      TENCENTCLOUD_REGION: code.region,
    },
  };
}
