'use server';

import type { ReleaseLineAction, StopLineAction } from '@/lib/client/actions';
import { releaseLine as release, stopLine as stop } from '@/lib/server/stop-line';

export const stopLine: StopLineAction = async (input) => stop(input);

export const releaseLine: ReleaseLineAction = async (input) => release(input);
