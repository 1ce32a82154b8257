import { Diff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRailCounts } from '@/components/shell/rail-counts';
import { FigureTile } from '@/components/ui/figures';
import { TextLink } from '@/components/ui/text-link';
import { routes } from '@/lib/routes';

/** The number of objects of a connection that differ from the baseline of the last applied plan, linked to the list. */
export function DriftFigure({ connectionId }: { readonly connectionId: string }) {
  const t = useTranslations('drift.figure');
  const count = useRailCounts()?.drifted[connectionId];
  return (
    <FigureTile
      icon={<Diff aria-hidden />}
      name={t('name')}
      value={
        count === undefined ? '–' : <span className={count > 0 ? 'text-warn-ink' : undefined}>{count}</span>
      }
      unit={count === undefined ? '' : t('unit', { count })}
      detail={<TextLink href={routes.drift(connectionId)}>{t('review')}</TextLink>}
    />
  );
}
