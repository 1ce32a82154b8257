import { join, resolve } from 'node:path';
import {
  dashboardKeyFile,
  dashboardKeysId,
  drawDashboardKeys,
  readDashboardKeys,
  writeDashboardKeys,
} from '@/lib/dashboard-key-file';
import { decideDashboardKeys } from '@/lib/db/dashboard-keys';
import { userSessions } from '@/lib/db/schema';
import { prepareSealingKey, type SealedAgain, sealAgain } from '@/lib/db/sealing-keys';
import { sealingKey, sealingKeyId } from '@/lib/sealed-box';
import { drawSealingKey, readSealingKeys, sealingKeyFile, writeSealingKeys } from '@/lib/sealing-key-file';
import { encryptSecretsAgain } from '@/lib/server/auth/second-factor';
import { parseSettings } from '@/lib/settings';
import { withOwnerDatabase } from '../postgres/with-owner-database';

const usage = `npm run keys:rotate -- [--without-old-key]

Makes a new private key, and seals the keys of connections and the targets of alert channels for it. Makes new
keys of the dashboard, too: everyone is signed out, and second factors are encrypted again. Spillway may run
meanwhile; restart it afterwards. If it is interrupted, run it again. With SPILLWAY_ROLE=worker, it makes only the first,
and with SPILLWAY_ROLE=web only the others.

  --without-old-key   if the old keys are lost: what is sealed for the old private key must be entered again in
                      Settings, and people whose second factor can't be opened need a recovery code

With SPILLWAY_SEALING_KEYS, put the new key before the old one, and start all workers with both first.`;

/** A reason why nothing was rotated, for the terminal. */
class CannotRotateError extends Error {
  override readonly name = 'CannotRotateError';
}

/** Standard output and standard error, by line. */
type CommandOutput = { readonly out: (line: string) => void; readonly err: (line: string) => void };

const keyId = (privateKey: string) => sealingKeyId(sealingKey(privateKey));

type Rotation = {
  readonly file: string;
  readonly given: readonly string[] | undefined;
  readonly mayLose: boolean;
};

/** Rotates the key of the settings: the first one becomes that for which everything is sealed. */
async function rotateGiven(
  url: string,
  given: readonly string[],
  current: string | null,
): Promise<SealedAgain> {
  const [next = ''] = given;
  if (keyId(next) === current)
    throw new CannotRotateError(
      'everything is already sealed for the first key of SPILLWAY_SEALING_KEYS. Put a new key before it (openssl rand -base64 32), and start all workers with both.',
    );
  return sealAgain(url, given, next);
}

/**
 * Rotates the key of the file. The new key is in the file before anything is sealed for it, and the old ones stay until
 * everything is, so that whenever this is killed, the file opens what is stored.
 */
async function rotateFile(url: string, file: string, current: string | null): Promise<SealedAgain> {
  const known = readSealingKeys(file);
  const [first] = known;
  // An interrupted rotation has left its new key at the front.
  const next = first !== undefined && keyId(first) !== current ? first : drawSealingKey();
  const old = known.filter((key) => key !== next);
  writeSealingKeys(file, [next, ...old]);
  const result = await sealAgain(url, old, next);
  if (result.lost.length === 0) writeSealingKeys(file, [next]);
  return result;
}

async function rotate(url: string, { file, given, mayLose }: Rotation): Promise<SealedAgain> {
  const current = await prepareSealingKey(url, []);
  const ids = (given ?? readSealingKeys(file)).map(keyId);
  if (current !== null && !ids.includes(current) && !mayLose)
    throw new CannotRotateError(
      `the private key ${current} is not on this machine, so what is sealed for it can't be opened. Run this on a machine that has it (${sealingKeyFile} in the data folder, or SPILLWAY_SEALING_KEYS). If it is lost, run npm run keys:rotate -- --without-old-key.`,
    );
  return given === undefined ? rotateFile(url, file, current) : rotateGiven(url, given, current);
}

/** The result of new keys of the dashboard. */
type NewDashboardKeys = {
  readonly id: string;
  /** People whose second factor the old keys don't open. */
  readonly lost: readonly string[];
};

/**
 * Makes new keys of the dashboard, and ends all sessions. The new keys are in the file before anything is encrypted with
 * them, and the database names the keys that count, so that whenever this is killed, the file has them.
 * @returns null if no dashboard has run yet
 */
async function rotateDashboard(
  url: string,
  file: string,
  mayLose: boolean,
): Promise<NewDashboardKeys | null> {
  const rotated = await decideDashboardKeys(url, async ({ id }, tx) => {
    if (id === null) return { id, answer: null };
    const known = readDashboardKeys(file);
    const former = known.find((keys) => dashboardKeysId(keys) === id);
    if (former === undefined && !mayLose)
      throw new CannotRotateError(
        `the keys ${id} of the dashboard are not in ${file}. Copy it from a machine with a dashboard. If they are lost, run npm run keys:rotate -- --without-old-key.`,
      );
    // An interrupted rotation has left its new keys at the front.
    const next = known.find((keys) => keys !== former) ?? drawDashboardKeys();
    writeDashboardKeys(file, former === undefined ? [next] : [next, former]);
    const lost = await encryptSecretsAgain(tx, former?.actions ?? null, next.actions);
    await tx.delete(userSessions);
    return { id: dashboardKeysId(next), answer: { next, lost } };
  });
  if (rotated === null) return null;
  writeDashboardKeys(file, [rotated.next]);
  return { id: dashboardKeysId(rotated.next), lost: rotated.lost };
}

/**
 * Seals everything for a new key, and makes new keys of the dashboard: `npm run keys:rotate`.
 * @param root the project's folder
 * @param args of the command line (`usage`)
 * @returns the exit code: 0 rotated, 1 not; the reason has been printed
 */
export async function rotateKeys(
  root: string,
  args: readonly string[],
  { out, err }: CommandOutput = { out: console.log, err: console.error },
): Promise<number> {
  if (args.includes('--help')) {
    out(usage);
    return 0;
  }
  try {
    const unknown = args.find((arg) => arg !== '--without-old-key');
    if (unknown !== undefined) throw new CannotRotateError(`unknown option ${unknown}\n\n${usage}`);
    const settings = parseSettings(process.env);
    if (!settings.ok) throw new Error(settings.error.join('\n'));
    const { SPILLWAY_DATA_DIR, SPILLWAY_SEALING_KEYS: given, SPILLWAY_ROLE: role } = settings.value;
    const hasDashboardKeys = settings.value.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY !== undefined;
    const dataDir = resolve(root, SPILLWAY_DATA_DIR);
    const file = join(dataDir, sealingKeyFile);
    const mayLose = args.includes('--without-old-key');
    await withOwnerDatabase(root, async (url) => {
      if (role !== 'web') {
        const { keyId: id, count, lost } = await rotate(url, { file, given, mayLose });
        out(`Everything is sealed for the key ${id} now: ${count} secrets.`);
        for (const name of lost) out(`  Not opened, so enter it again in Settings: ${name}`);
        out(
          given === undefined
            ? `  Keep ${file}, and copy it to other machines that run workers.`
            : '  Remove the old keys from SPILLWAY_SEALING_KEYS at the next start of the workers.',
        );
      }
      if (role === 'worker') return;
      if (hasDashboardKeys) {
        out('The dashboard uses NEXT_SERVER_ACTIONS_ENCRYPTION_KEY, which stays as it is.');
        return;
      }
      const ofDashboard = join(dataDir, dashboardKeyFile);
      const rotated = await rotateDashboard(url, ofDashboard, mayLose);
      if (rotated === null) return;
      out(`The dashboard has the new keys ${rotated.id}, and everyone is signed out. Restart Spillway.`);
      for (const email of rotated.lost) out(`  Not opened: the second factor of ${email}`);
      out(`  Keep ${ofDashboard}, and copy it to other machines first.`);
    });
    return 0;
  } catch (error) {
    err(`No key was rotated: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}
