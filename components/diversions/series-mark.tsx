import { Repeat } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Chip } from '@/components/ui/chip';
import { TextLink } from '@/components/ui/text-link';
import type { DiversionFacts } from '@/lib/contract/diversion';
import { routes } from '@/lib/routes';
import { SeriesFault } from './series-fault';

/** Marks a diversion that repeats, or the series of an occurrence; renders nothing for any other. */
export function SeriesMark({ series }: Pick<DiversionFacts, 'series'>) {
  const t = useTranslations('diversions.list');
  if (series === null) return null;
  if (series.kind === 'template' && series.problem !== null && !series.isStopped)
    return <SeriesFault problem={series.problem} />;
  if (series.kind === 'template')
    return <Chip icon={<Repeat aria-hidden />}>{t(series.isStopped ? 'repeatsStopped' : 'repeats')}</Chip>;
  return (
    <span className="text-12 text-ink-2">
      {t.rich('occurrenceOf', {
        series: () => <TextLink href={routes.diversion(series.of)}>{series.of}</TextLink>,
      })}
    </span>
  );
}
