'use client';

import { useTranslations } from 'next-intl';
import { Copyable } from '@/components/ui/copyable';
import { FactRow, Facts } from '@/components/ui/facts';
import type { CloudErrorData } from '@/lib/cloud/errors';

/** The error that the cloud returned. */
export function CloudErrorFacts({ error }: { readonly error: CloudErrorData }) {
  const t = useTranslations('ui.cloudError');
  return (
    <Facts>
      <FactRow name={t('code')}>
        <Copyable value={error.code} />
      </FactRow>
      <FactRow name={t('message')}>{error.message}</FactRow>
      {error.requestId === null ? null : (
        <FactRow name={t('requestId')}>
          <Copyable value={error.requestId} />
        </FactRow>
      )}
    </Facts>
  );
}
