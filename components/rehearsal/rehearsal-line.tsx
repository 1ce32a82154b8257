import { useTranslations } from 'next-intl';
import { Time } from '@/components/ui/time';
import type { RehearsalRow } from '@/lib/contract/rehearsal';

/** The actor, the time and the size of a rehearsal in a line: one event, or a fire drill with its result. */
export function RehearsalLine({ row }: { readonly row: RehearsalRow }) {
  const t = useTranslations('rehearsal');
  const { actor, seed, faults, events, endedWell } = row;
  return (
    <span className="text-12 text-ink-2">
      {t.rich('by', {
        actor,
        seed: String(seed),
        faults,
        events,
        time: () => <Time at={row.createdAt} />,
      })}
      {endedWell === null ? null : ` · ${t('drill.wellShort', { count: endedWell, total: events })}`}
    </span>
  );
}
