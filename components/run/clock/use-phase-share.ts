import { useNow } from '@/components/ui/use-now';
import type { RunPhase } from '@/lib/run/model/run-phases';

/** Returns the completed share of a phase, 0 to 1: by the number of steps, or for a running hold by time. */
export function usePhaseShare({ state, share, startedAt, untilAt }: RunPhase): number {
  const now = useNow(1000);
  if (state !== 'live' || startedAt === null || untilAt === null || now === null) return share;
  const [from, until] = [Date.parse(startedAt), Date.parse(untilAt)];
  return Math.min(1, Math.max(0, (now - from) / Math.max(1, until - from)));
}
