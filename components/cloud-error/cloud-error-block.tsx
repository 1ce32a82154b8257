'use client';

import { useTranslations } from 'next-intl';
import { Copyable } from '@/components/ui/copyable';
import { FactRow, Facts } from '@/components/ui/facts';
import type { CloudErrorData } from '@/lib/cloud/errors';

/** The cloud's error for a call, with the details that support needs. */
export function CloudErrorBlock({ error }: { readonly error: CloudErrorData }) {
  const t = useTranslations('ui.cloudError');
  return (
    <div className="max-w-160 rounded-md border border-bad-line bg-surface px-2.5 py-1 text-ink">
      <Facts>
        <FactRow name={t('code')}>
          <Copyable value={error.code} />
        </FactRow>
        <FactRow name={t('message')}>{error.message}</FactRow>
        <FactRow name={t('action')}>
          <span className="mono">
            {error.region === null ? error.action : `${error.action}, ${error.region}`}
          </span>
        </FactRow>
        <FactRow name={t('requestId')}>
          {error.requestId === null ? t('noRequestId') : <Copyable value={error.requestId} />}
        </FactRow>
      </Facts>
    </div>
  );
}
