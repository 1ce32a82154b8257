import 'server-only';
import type { Logger } from 'pino';
import { invariant } from '@/lib/invariant';
import { listSecrets } from '@/lib/log/list-secrets';
import { createLog } from '@/lib/log/log';
import { parseSettings, type Settings } from '@/lib/settings';

/** The parts of the web process that exist before it connects to a database. */
export type WebProcess = { readonly settings: Settings; readonly log: Logger };

/** On `globalThis`, because Next may load this module more than once in a process. */
const holder = globalThis as typeof globalThis & { spillwayWebProcess?: WebProcess };

function readProcess(): WebProcess {
  const settings = parseSettings(process.env);
  invariant(
    settings.ok,
    `settings are checked at the start: ${settings.ok ? '' : settings.error.join('; ')}`,
  );
  const { SPILLWAY_LOG_LEVEL: level } = settings.value;
  return { settings: settings.value, log: createLog('web', level, { secrets: listSecrets(settings.value) }) };
}

/** Returns the settings and the log of this web process. */
export function webProcess(): WebProcess {
  holder.spillwayWebProcess ??= readProcess();
  return holder.spillwayWebProcess;
}
