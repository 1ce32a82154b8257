import { join } from 'node:path';
import { prepareSealingKey } from '@/lib/db/sealing-keys';
import { sealingKey, sealingKeyId } from '@/lib/sealed-box';
import { drawSealingKey, readSealingKeys, sealingKeyFile, writeSealingKeys } from '@/lib/sealing-key-file';
import type { Settings } from '@/lib/settings';
import type { WorkerKeys } from './child-environment';

/**
 * Prepares the keys with which workers open what the dashboard seals: those of the settings, or of the file in the data
 * folder. Without either, the first launcher on a database makes the file, which only its owner can read.
 * @param databaseUrl connects as the role that owns the tables
 * @param say tells the operator, in one line, what a worker of this machine can't open
 * @throws KeyFileError if the file can't be used
 */
export async function prepareSealingKeys(
  dataDir: string,
  settings: Pick<Settings, 'SPILLWAY_ROLE' | 'SPILLWAY_SEALING_KEYS'>,
  databaseUrl: string,
  say: (line: string) => void,
): Promise<WorkerKeys> {
  const { SPILLWAY_ROLE: role, SPILLWAY_SEALING_KEYS: given } = settings;
  const file = join(dataDir, sealingKeyFile);
  const made = { sealingKeys: given?.join(), sealingKeyFile: file };
  // A machine with the dashboard alone has no private key.
  if (role === 'web') return made;
  let keys = given ?? readSealingKeys(file);
  let current = await prepareSealingKey(databaseUrl, keys);
  if (current === null) {
    keys = [drawSealingKey()];
    writeSealingKeys(file, keys);
    current = await prepareSealingKey(databaseUrl, keys);
  }
  const ids = keys.map((key) => sealingKeyId(sealingKey(key)));
  if (current !== null && !ids.includes(current))
    say(
      `The private key ${current} is missing: this worker can't use the connections and alert channels that were added in Settings. Copy ${sealingKeyFile} from a machine that has it to ${dataDir}, or set SPILLWAY_SEALING_KEYS; without it, enter their keys again after npm run keys:rotate.`,
    );
  return made;
}
