import { useTranslations } from 'next-intl';
import { Time } from '@/components/ui/time';
import type { BreachState } from '@/lib/run/model/run-watch';

/** When a breach was over, or was no longer measured; nothing while it goes on. */
export function BreachEnd({ state }: { readonly state: BreachState }) {
  const t = useTranslations('shell.breach');
  if (state.kind === 'open') return null;
  return t.rich(state.kind, { time: () => <Time at={state.at} /> });
}
