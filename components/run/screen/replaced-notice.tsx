import { useTranslations } from 'next-intl';
import { RunStateMark } from '@/components/run/list/run-state-chip';
import { Banner } from '@/components/ui/banner';
import { TextLink } from '@/components/ui/text-link';
import type { RunPageView } from '@/lib/client/views';
import { routes } from '@/lib/routes';

/** Says that a run was re-planned, and which plan continues from it or would. */
export function ReplacedNotice({ run: { state, replacedBy } }: { readonly run: RunPageView }) {
  const t = useTranslations('run.replaced');
  if (replacedBy === null) return null;
  const { planId, runId, inEffect, state: now } = replacedBy;
  const plan = () => <TextLink href={routes.plan(planId)}>{planId}</TextLink>;
  if (runId === null || now === null) {
    return <Banner title={t.rich('planned', { plan })}>{state === 'held' ? t('stillHeld') : null}</Banner>;
  }
  return (
    <Banner
      title={t.rich('goesOn', { run: () => <TextLink href={routes.run(runId)}>{runId}</TextLink>, plan })}
    >
      <span className="inline-flex flex-wrap items-center gap-2">
        <RunStateMark state={now} />
        {inEffect === null ? t('free') : t('inEffect', { run: inEffect })}
      </span>
    </Banner>
  );
}
