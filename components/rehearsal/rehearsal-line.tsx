import { useTranslations } from 'next-intl';
import { signed } from '@/components/ui/base/signed';
import type { RehearsalRow } from '@/lib/contract/rehearsal';

/** The actor, the time and the size of a rehearsal in a line: one event, or a fire drill with its result. */
export function RehearsalLine({ row }: { readonly row: RehearsalRow }) {
  const t = useTranslations('rehearsal');
  const { actor, seed, faults, events, endedWell } = row;
  return (
    <span className="text-12 text-ink-2">
      {t.rich('by', { seed: String(seed), faults, events, ...signed(actor, row.createdAt) })}
      {endedWell === null ? null : ` · ${t('drill.wellShort', { count: endedWell, total: events })}`}
    </span>
  );
}
