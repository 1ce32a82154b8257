'use client';

import { useTranslations } from 'next-intl';
import { Copyable, Mono } from '@/components/ui/copyable';
import type { CloudErrorData } from '@/lib/cloud/errors';
import { KeyAdvice } from './key-advice';

/** An error of the cloud: its message, action, code, and the request id to quote to support. */
export function CloudErrorText({ error }: { readonly error: CloudErrorData }) {
  const t = useTranslations('ui.cloudError');
  return (
    <>
      {error.message}{' '}
      <span className="wrap-anywhere">
        {t.rich(error.region === null ? 'errorAt' : 'errorAtRegion', {
          code: () => <Mono>{error.code}</Mono>,
          action: () => <Mono>{error.action}</Mono>,
          region: error.region ?? '',
        })}
      </span>{' '}
      {error.requestId === null ? null : (
        <span className="wrap-anywhere">
          {t('requestId')} <Copyable value={error.requestId} />
        </span>
      )}{' '}
      <KeyAdvice code={error.code} />
    </>
  );
}
