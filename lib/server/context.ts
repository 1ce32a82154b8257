import 'server-only';
import { type OpenDatabase, openDatabase } from '@/lib/db/database';
import { invariant } from '@/lib/invariant';
import { createLog } from '@/lib/log';
import { connectEngine, type EngineClient } from '@/lib/run/durable';
import { secretsOf } from '@/lib/secrets-of';
import { parseSettings, type Settings } from '@/lib/settings';

/** What the web process's verbs share. It holds no key of any cloud. */
export type ServerContext = {
  readonly settings: Settings;
  readonly database: OpenDatabase;
  readonly engine: EngineClient;
};

async function createContext(): Promise<ServerContext> {
  const settings = parseSettings(process.env);
  invariant(
    settings.ok,
    `settings are checked at the start: ${settings.ok ? '' : settings.error.join('; ')}`,
  );
  const databaseUrl = settings.value.DATABASE_URL;
  invariant(databaseUrl !== undefined, 'the launcher gives the dashboard its database');
  const log = createLog('web', settings.value.SPILLWAY_LOG_LEVEL, {
    secrets: secretsOf(settings.value),
  });
  return {
    settings: settings.value,
    database: openDatabase(databaseUrl, (error) => log.warn({ err: error }, 'a database connection broke')),
    engine: await connectEngine(databaseUrl),
  };
}

/** On `globalThis`, because Next may load this module more than once in a process. */
const holder = globalThis as typeof globalThis & { spillwayContext?: Promise<ServerContext> };

/** Opens database and engine on first use; a failed opening is tried again by the next request. */
export function serverContext(): Promise<ServerContext> {
  holder.spillwayContext ??= createContext().catch((error: unknown) => {
    delete holder.spillwayContext;
    throw error;
  });
  return holder.spillwayContext;
}
