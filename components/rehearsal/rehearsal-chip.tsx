import { useTranslations } from 'next-intl';
import { Chip, type ChipTone } from '@/components/ui/chip';
import type { RehearsalRow } from '@/lib/contract/rehearsal';

const tones: Readonly<Record<RehearsalRow['state'], ChipTone>> = {
  queued: 'neutral',
  running: 'plan',
  done: 'neutral',
  failed: 'bad',
  canceled: 'neutral',
};

/** The verdict of a rehearsal, or its state while it has none. */
export function RehearsalChip({ row }: { readonly row: Pick<RehearsalRow, 'state' | 'verdict'> }) {
  const t = useTranslations('rehearsal');
  if (row.verdict === null) return <Chip tone={tones[row.state]}>{t(`state.${row.state}`)}</Chip>;
  return <Chip tone={row.verdict === 'met' ? 'ok' : 'bad'}>{t(`verdict.${row.verdict}`)}</Chip>;
}
