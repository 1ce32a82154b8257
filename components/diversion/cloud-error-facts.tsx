import { useTranslations } from 'next-intl';
import { Copyable } from '@/components/ui/copyable';
import { Fact, Facts } from '@/components/ui/facts';
import type { CloudErrorData } from '@/lib/cloud/errors';

/** The error that the cloud returned. */
export function CloudErrorFacts({ error }: { readonly error: CloudErrorData }) {
  const t = useTranslations('diversion.createFunction');
  return (
    <Facts>
      <Fact name={t('errorCode')}>
        <Copyable value={error.code} />
      </Fact>
      <Fact name={t('errorMessage')}>{error.message}</Fact>
      {error.requestId === null ? null : (
        <Fact name={t('errorRequestId')}>
          <Copyable value={error.requestId} />
        </Fact>
      )}
    </Facts>
  );
}
