'use client';

import { useTranslations } from 'next-intl';
import type { UIEvent } from 'react';
import { Button } from '@/components/ui/button';
import type { OptionSource } from './option-source';

/** The number of pixels before the end of a list at which further options are fetched. */
const nearPx = 80;

/** Returns the handler that fetches further options when a list is scrolled to its end. */
export function fetchAtEnd(source: OptionSource | undefined) {
  return ({ currentTarget: { scrollHeight, scrollTop, clientHeight } }: UIEvent<HTMLElement>) => {
    if (source === undefined || source.more === 0 || source.state !== 'ready') return;
    if (scrollHeight - scrollTop - clientHeight < nearPx) source.onMore();
  };
}

type FetchedFootProps = {
  readonly source: OptionSource;
};

/** Says below a list that its options are being fetched, or could not be. */
export function FetchedFoot({ source: { state, onRetry } }: FetchedFootProps) {
  const t = useTranslations('ui.picker');
  if (state === 'ready') return null;
  return (
    <div className="flex items-center gap-2 border-t border-line px-2.5 py-1.5 text-12 text-ink-2">
      {state === 'loading' ? t('loading') : <span className="min-w-0 flex-1">{t('failed')}</span>}
      {state === 'failed' ? (
        <Button size="sm" onClick={onRetry}>
          {t('retry')}
        </Button>
      ) : null}
    </div>
  );
}
