import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { replaceFileSync } from './replace-file';
import { Key32, readKeyFile } from './sealing-key-file';

/** The name of the file below the data folder. */
export const dashboardKeyFile = 'dashboard-keys.json';

const DashboardKeys = z.strictObject({
  /** Signs cookies, and encrypts second factors and what pages carry for server actions. */
  actions: Key32,
  /** Signs the links of alerts. */
  links: Key32,
});
/** The keys of all dashboards on a database, in base64. */
export type DashboardKeys = z.infer<typeof DashboardKeys>;

const DashboardKeyFile = z.strictObject({ format: z.literal(1), keys: z.array(DashboardKeys) });

/** Returns the id by which the database names keys. It tells nothing about them: they are random. */
export const dashboardKeysId = ({ actions, links }: DashboardKeys): string =>
  createHash('sha256').update(`${actions}\n${links}`).digest('hex').slice(0, 16);

/**
 * Reads the keys of the dashboard: the current ones and, while a rotation is not finished, the next ones before them.
 * @returns none if there is no file
 * @throws KeyFileError if the file is damaged, or if others than its owner may read it
 */
export const readDashboardKeys = (file: string): readonly DashboardKeys[] =>
  readKeyFile(file, DashboardKeyFile)?.keys ?? [];

/** Replaces the file, whole or not at all, so that only its owner can read it. */
export function writeDashboardKeys(file: string, keys: readonly DashboardKeys[]): void {
  replaceFileSync(file, `${JSON.stringify({ format: 1, keys }, null, 2)}\n`);
}

/** Generates keys: 32 random bytes each. */
export function drawDashboardKeys(): DashboardKeys {
  return { actions: randomBytes(32).toString('base64'), links: randomBytes(32).toString('base64') };
}
