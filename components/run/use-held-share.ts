import { useNow } from '@/components/ui/use-now';
import type { RunPhase } from './run-phases';

/** How much of a phase is over, 0 to 1: of steps by their number, of a hold that goes on by its time. */
export function useHeldShare({ state, share, startedAt, untilAt }: RunPhase): number {
  const now = useNow(1000);
  if (state !== 'live' || startedAt === null || untilAt === null || now === null) return share;
  const [from, until] = [Date.parse(startedAt), Date.parse(untilAt)];
  return Math.min(1, Math.max(0, (now - from) / Math.max(1, until - from)));
}
