'use server';

import type { StartSyncAction } from '@/lib/client/actions';
import { startSync as start } from '@/lib/server/estate/start-sync';

export const startSyncAction: StartSyncAction = async (connectionId) => start(connectionId);
