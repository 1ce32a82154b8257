import { LoaderCircle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { CloudErrorFacts } from '@/components/cloud-error/cloud-error-facts';
import { FailureCallout } from '@/components/ui/banner';
import { Copyable } from '@/components/ui/copyable';
import { FactRow, Facts } from '@/components/ui/facts';
import { formatDuration } from '@/components/ui/format-time';
import { unreachable } from '@/lib/invariant';
import type { TestInvocationState } from './use-test-invocations';

const bytesPerMb = 1024 * 1024;

/** The progress of a test invocation and its result beside the finding: the response, duration and memory. */
export function TestInvocationOutcome({ tried }: { readonly tried: TestInvocationState }) {
  const t = useTranslations('diversion.testInvocation');
  switch (tried.state) {
    case 'none':
      return null;
    case 'sending':
      return <Progress text={t('queued')} />;
    case 'running':
      return <Progress text={tried.isCalled ? t('running') : t('queued')} />;
    case 'refused':
      return <FailureCallout>{tried.text}</FailureCallout>;
    case 'unknown':
      return <FailureCallout title={t('unknown')}>{t('unknownNote')}</FailureCallout>;
    case 'failed':
      return (
        <FailureCallout title={t('failed')}>
          <CloudErrorFacts error={tried.error} />
        </FailureCallout>
      );
    case 'judged':
      return <Judged tried={tried} />;
    default:
      return unreachable(tried);
  }
}

function Progress({ text }: { readonly text: string }) {
  return (
    <p role="status" className="flex items-center gap-1.5 pt-1 text-12 text-ink-2">
      <LoaderCircle aria-hidden className="size-3.5 animate-spin" />
      {text}
    </p>
  );
}

function Judged({ tried }: { readonly tried: Extract<TestInvocationState, { state: 'judged' }> }) {
  const t = useTranslations('diversion.testInvocation');
  const { testInvocation, billedMs, memoryBytes, requestId, excerpt } = tried;
  const { verdict } = testInvocation;
  return (
    <section aria-label={t('outcome')} className="pt-1">
      <p role="status" className="sr-only">
        {verdict.kind === 'kept' ? t('answered', { status: verdict.statusCode }) : t(verdict.kind)}
      </p>
      <Facts>
        <FactRow name={t('fact.status')}>
          {verdict.kind === 'kept' ? verdict.statusCode : t(`noStatus.${verdict.kind}`)}
        </FactRow>
        <FactRow name={t('fact.took')}>
          {t('took', {
            time: formatDuration(testInvocation.durationMs),
            billed: formatDuration(billedMs),
            mb: Math.ceil(memoryBytes / bytesPerMb),
          })}
        </FactRow>
        <FactRow name={t('fact.requestId')}>
          <Copyable value={requestId} />
        </FactRow>
        {excerpt ? (
          <FactRow name={t('fact.answer')}>
            <span className="mono break-all">{excerpt}</span>
          </FactRow>
        ) : null}
      </Facts>
    </section>
  );
}
