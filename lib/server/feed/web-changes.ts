import 'server-only';
import { z } from 'zod';
import { invariant } from '@/lib/invariant';
import { query } from '@/lib/server/verb';
import { webProcess } from '@/lib/server/web-process';
import { type ChangeFeed, createChangeFeed } from './change-feed';
import { streamChanges } from './stream-changes';

/** On `globalThis`, because Next may load this module more than once in a process, and the server's own program does too. */
const holder = globalThis as typeof globalThis & { spillwayChanges?: ChangeFeed };

function createFeed(): ChangeFeed {
  const { settings, log } = webProcess();
  invariant(settings.DATABASE_URL !== undefined, 'the launcher gives the dashboard its database');
  return createChangeFeed(settings.DATABASE_URL, log);
}

/** Returns the one change feed of this web process. */
export function webChanges(): ChangeFeed {
  holder.spillwayChanges ??= createFeed();
  return holder.spillwayChanges;
}

/** Returns the stream of changes of this web process, until the signal aborts. */
export const getChangeStream = query('change.follow', z.instanceof(AbortSignal), 'all', async (signal) =>
  streamChanges(webChanges(), signal),
);
