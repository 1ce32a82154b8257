import { createHash } from 'node:crypto';
import type { RehearsalInput } from '@/lib/rehearsal/input';

/**
 * Returns a hash of what decides the results of a rehearsal's seeds: plan, schedule, settings, conditions and the content
 * of the snapshot, without the time at which that was taken.
 */
export function fingerprintInput({ estate, ...input }: RehearsalInput): string {
  const { takenAt: _, ...content } = estate;
  return createHash('sha256')
    .update(JSON.stringify([input, content]))
    .digest('hex');
}
