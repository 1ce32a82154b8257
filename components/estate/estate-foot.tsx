'use client';

import { useTranslations } from 'next-intl';
import { IsolationNote } from '@/components/shell/isolation-note';
import { KindMark } from '@/components/ui/chip';
import type { ConnectionView } from '@/lib/client/views';
import type { Estate } from '@/lib/estate/model';
import { EstateAge } from './estate-age';

type EstateFootProps = {
  readonly view: 'graph' | 'list';
  readonly routes: number;
  readonly estate: Pick<Estate, 'takenAt' | 'partsAt'>;
  readonly isolation: ConnectionView['isolation'];
};

/**
 * The footer of the view: the legend or the number of rows, always with the age of the data and what functions can
 * reach.
 */
export function EstateFoot({ view, routes, estate, isolation }: EstateFootProps) {
  const t = useTranslations('estate');
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-x-3.5 gap-y-1 border-t border-line bg-surface px-3 py-1.75 text-12 text-ink-2 md:px-4">
      {view === 'graph' ? (
        <>
          <span className="inline-flex items-center gap-1.5">
            <KindMark kind="cvm" />
            {t('backendKind.cvm')}
          </span>
          <span className="inline-flex items-center gap-1.5">
            <KindMark kind="scf" />
            {t('backendKind.scf')}
          </span>
          <span className="inline-flex items-center gap-1.5">
            <svg width="22" height="8" aria-hidden="true">
              <path d="M0 4H22" className="stroke-control stroke-[1.5]" />
            </svg>
            {t('legend.idle')}
          </span>
          <span>{t('legend.weight')}</span>
        </>
      ) : (
        <span>{t('routeCount', { count: routes })}</span>
      )}
      <span className="ml-auto">
        <EstateAge estate={estate} />
      </span>
      <IsolationNote isolation={isolation} />
    </div>
  );
}
