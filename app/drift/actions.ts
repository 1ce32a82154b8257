'use server';

import type { AdoptDriftAction, RestoreDriftAction } from '@/lib/client/actions';
import { adoptDrift as adopt } from '@/lib/server/adopt-drift';
import { restoreDrift as restore } from '@/lib/server/restore-drift';

export const adoptDrift: AdoptDriftAction = async (input) => adopt(input);

export const restoreDrift: RestoreDriftAction = async (input) => restore(input);
