import { join } from 'node:path';
import {
  dashboardKeyFile,
  dashboardKeysId,
  drawDashboardKeys,
  readDashboardKeys,
  writeDashboardKeys,
} from '@/lib/dashboard-key-file';
import { decideDashboardKeys } from '@/lib/db/dashboard-keys';
import type { Settings } from '@/lib/settings';
import type { SharedKeys } from './child-environment';

type KeySettings = Pick<
  Settings,
  'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY' | 'SPILLWAY_LINK_KEY' | 'SPILLWAY_ROLE'
>;

/** Says what an operator does whose machine has not the keys that the other dashboards use. */
export const explainMissingKeys = (dataDir: string): string =>
  `the keys of the dashboard are missing: copy ${dashboardKeyFile} from a machine with a dashboard to ${dataDir}. If they are lost, run npm run keys:rotate -- --without-old-key`;

/**
 * Prepares the keys that all dashboards on a database share: those of the settings, or of the file in the data folder.
 * Without either, the first launcher of a dashboard makes the file, which only its owner can read. The database has their id
 * alone, so that a copy of it opens no session and no second factor.
 * @param databaseUrl connects as the role that owns the tables
 * @param say tells the operator, in one line, that alerts have no links
 * @returns undefined for a key that this machine does not have
 * @throws KeyFileError if the file can't be used
 */
export async function prepareDashboardKeys(
  dataDir: string,
  settings: KeySettings,
  databaseUrl: string,
  say: (line: string) => void,
): Promise<Omit<SharedKeys, 'actions'> & { readonly actions: string | undefined }> {
  const {
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: actions,
    SPILLWAY_LINK_KEY: links,
    SPILLWAY_ROLE: role,
  } = settings;
  const file = join(dataDir, dashboardKeyFile);
  const keys = await decideDashboardKeys(databaseUrl, async (stored) => {
    let known = readDashboardKeys(file);
    if (stored.id !== null || role === 'worker')
      return { id: null, answer: known.find((each) => dashboardKeysId(each) === stored.id) };
    const drawn = drawDashboardKeys();
    if (known.length === 0) {
      known = [
        { actions: stored.former.actions ?? drawn.actions, links: stored.former.links ?? drawn.links },
      ];
      writeDashboardKeys(file, known);
    }
    const [first = drawn] = known;
    return { id: dashboardKeysId(first), answer: first };
  });
  const found = { actions: actions ?? keys?.actions, links: links ?? keys?.links };
  if (found.links === undefined)
    say(
      `Alerts have no links to act from, because the key that signs them is missing. Copy ${dashboardKeyFile} from a machine with a dashboard to ${dataDir}, or set SPILLWAY_LINK_KEY, and restart.`,
    );
  return found;
}
