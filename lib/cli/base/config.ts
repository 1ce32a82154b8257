import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { CliError, exitCodes } from './exit-codes';

const Stored = z.object({ url: z.string(), token: z.string() });

/** The address of a Spillway, and the token for it. */
export type Login = z.infer<typeof Stored>;

type Environment = Readonly<Record<string, string | undefined>>;

/** The address of a Spillway that was started with the defaults. */
export const defaultUrl = 'http://127.0.0.1:3000';

/** Returns the file of the login (https://specifications.freedesktop.org/basedir-spec/latest/). */
export function configFile(env: Environment): string {
  return join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'spillway', 'config.json');
}

/** Checks an address: a token is sent in clear text only to this machine. */
export function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isLocal = url !== null && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLocal)))
    throw new CliError(
      exitCodes.usage,
      `${text} is not an address of Spillway.`,
      'Use one such as http://127.0.0.1:3000, or https:// for another machine.',
    );
  return url.origin;
}

function readStored(env: Environment): Login | null {
  const file = configFile(env);
  let text: string;
  try {
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0)
      throw new CliError(exitCodes.usage, `Others can read the token in ${file}.`, `Run: chmod 600 ${file}`);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    return Stored.parse(JSON.parse(text));
  } catch {
    throw new CliError(exitCodes.usage, `${file} is damaged.`, 'Run: spillway login');
  }
}

/** Reads the login: that of the environment (`SPILLWAY_URL`, `SPILLWAY_TOKEN`), else the stored one. */
export function readLogin(env: Environment, url?: string): Login {
  const own = env.SPILLWAY_TOKEN;
  const stored = own ? null : readStored(env);
  const token = own || stored?.token;
  if (!token)
    throw new CliError(
      exitCodes.forbidden,
      'You are not logged in.',
      'Create an API token in Settings, then run: spillway login',
    );
  const address = url ?? env.SPILLWAY_URL ?? stored?.url ?? defaultUrl;
  const checked = checkUrl(address);
  // A stored token belongs to the address that it was stored with.
  if (stored !== null && checked !== checkUrl(stored.url))
    throw new CliError(
      exitCodes.usage,
      `The stored token is for ${stored.url}.`,
      `Run: spillway login --url ${checked}`,
    );
  return { url: checked, token };
}

/** Stores a login, readable by its owner alone. */
export function writeLogin(env: Environment, login: Login): string {
  const file = configFile(env);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  rmSync(file, { force: true });
  writeFileSync(file, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return file;
}

/** Removes the stored login. */
export function removeLogin(env: Environment): void {
  rmSync(configFile(env), { force: true });
}
