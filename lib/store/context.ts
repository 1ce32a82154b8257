import 'server-only';
import { dashboardLimits, type OpenDatabase, openDatabase } from '@/lib/db/database';
import { invariant } from '@/lib/invariant';
import { connectEngine, type EngineClient } from '@/lib/run/durable/connect-engine';
import type { Settings } from '@/lib/settings';
import { webProcess } from './web-process';

/** The context shared by the web process's verbs and the verb logic that a worker runs. It holds no cloud keys. */
export type ServerContext = {
  readonly settings: Settings;
  readonly database: OpenDatabase;
  readonly engine: EngineClient;
};

async function createContext(): Promise<ServerContext> {
  const { settings, log } = webProcess();
  const databaseUrl = settings.DATABASE_URL;
  invariant(databaseUrl !== undefined, 'the launcher gives the dashboard its database');
  return {
    settings,
    database: openDatabase(
      databaseUrl,
      (error) => log.warn({ err: error }, 'a database connection broke'),
      dashboardLimits,
    ),
    engine: await connectEngine(databaseUrl),
  };
}

/** On `globalThis`, because Next may load this module more than once in a process. */
const holder = globalThis as typeof globalThis & { spillwayContext?: Promise<ServerContext> };

/** Opens database and engine on first use; the next request retries after a failure. */
export function serverContext(): Promise<ServerContext> {
  holder.spillwayContext ??= createContext().catch((error: unknown) => {
    delete holder.spillwayContext;
    throw error;
  });
  return holder.spillwayContext;
}

/**
 * Returns a context over the worker's own database and engine, for verb logic that a worker runs, such as planning an
 * occurrence.
 */
export function provideServerContext(context: ServerContext): void {
  holder.spillwayContext = Promise.resolve(context);
}
