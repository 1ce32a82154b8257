'use server';

import type { AcceptDriftAction, RestoreDriftAction } from '@/lib/client/actions';
import { acceptDrift as adopt } from '@/lib/server/drift/accept-drift';
import { restoreDrift as restore } from '@/lib/server/drift/restore-drift';

export const acceptDriftAction: AcceptDriftAction = async (input) => adopt(input);

export const restoreDriftAction: RestoreDriftAction = async (input) => restore(input);
