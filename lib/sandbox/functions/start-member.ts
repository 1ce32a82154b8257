import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { unzipSync } from 'fflate';
import type { Logger } from 'pino';
import { err, ok, type Result } from '@/lib/result';
import type { FunctionInvocation } from '../world/invoker';
import type { CodeFolders, Member, Pool } from './pool';
import type { FunctionProcess } from './runtimes/function-process';
import { type FunctionCode, unrun } from './runtimes/invocation';
import type { Launcher } from './runtimes/launcher';

/** Unpacked code may have 500 MB: https://www.tencentcloud.com/document/product/583/11637 */
const UNPACKED_MAX = 500 * 1024 * 1024;

/**
 * Unpacks a function's zip into an existing folder: readable by all, writable only by its owner. Refuses invalid zips,
 * paths outside the folder, and archives that unpack to more than 500 MB.
 */
async function unpackCode(zipBase64: string, folder: string): Promise<Result<void, string>> {
  const files = readZip(Buffer.from(zipBase64, 'base64'));
  if (!files.ok) return files;
  for (const [name, data] of Object.entries(files.value)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    await writeFile(path, data, { mode: 0o644 });
  }
  return ok(undefined);
}

/**
 * Reads a zip. Sizes are those that the archive states and its reader allocates: a file can't become larger while it is
 * read.
 */
function readZip(archive: Uint8Array): Result<Record<string, Uint8Array>, string> {
  let total = 0;
  const outside: string[] = [];
  const accept = ({ name, originalSize }: { name: string; originalSize: number }) => {
    total += originalSize;
    if (!isInside(name)) outside.push(name);
    return outside.length === 0 && total <= UNPACKED_MAX && !name.endsWith('/');
  };
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(archive, { filter: accept });
  } catch (error) {
    return err(
      `the code is not a zip archive that can be read: ${error instanceof Error ? error.message : error}`,
    );
  }
  if (outside.length > 0) return err(`the code has a file outside of its folder: ${outside[0]}`);
  if (total > UNPACKED_MAX) return err('the code unpacks to more than 500 MB');
  return ok(files);
}

function isInside(name: string): boolean {
  const path = posix.normalize(name.replaceAll('\\', '/'));
  return !posix.isAbsolute(path) && path !== '..' && !path.startsWith('../') && !path.includes('\0');
}

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
  /** The first user id of the pools; a member's own id is this plus its slot. */
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
