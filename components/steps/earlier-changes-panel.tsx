import { useTranslations } from 'next-intl';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { ReplacedRunView, RunBaselineView } from '@/lib/contract/run';
import { routes } from '@/lib/routes';
import { StepTitle } from './step-title';

type EarlierChangesPanelProps = {
  readonly replaces: ReplacedRunView;
  /** The owner of the rollback that does not cover these. */
  readonly of: 'plan' | 'run';
};

/** Changes of earlier runs that are in effect and that this rollback does not cover, and how to roll them back. */
export function EarlierChangesPanel({ replaces, of }: EarlierChangesPanelProps) {
  const t = useTranslations('plan.earlierChanges');
  const { runId, state, t1, left } = replaces;
  const link = () => <TextLink href={routes.run(runId)}>{runId}</TextLink>;
  return (
    <Panel title={t.rich('title', { run: link })}>
      <div className="grid gap-3 text-12">
        {of === 'plan' && state === 'stopped' ? (
          <p>
            {t('stopped', { run: runId })}{' '}
            {t1 === null ? null : t.rich('t1', { time: () => <Time at={t1} /> })}
          </p>
        ) : null}
        {left.length === 0 ? (
          <p className="text-ink-2">{t('nothing', { run: runId })}</p>
        ) : (
          <>
            <p className="font-semibold text-warn-ink">{t(`stays.${of}`)}</p>
            {left.map((each) => (
              <Left key={each.runId} left={each} />
            ))}
            <p className="text-ink-2">
              {t(`how.${of}`, { runs: left.map((each) => each.runId).join(', ') })}
            </p>
          </>
        )}
      </div>
    </Panel>
  );
}

function Left({ left: { runId, steps } }: { readonly left: RunBaselineView }) {
  const t = useTranslations('plan.earlierChanges');
  return (
    <div>
      <h3 className="text-12">
        {t.rich('by', { run: () => <TextLink href={routes.run(runId)}>{runId}</TextLink> })}
      </h3>
      <ul className="mt-1 grid list-disc gap-0.5 pl-5 text-ink-2">
        {steps.map(({ step, isUnsure }) => (
          <li key={step.id}>
            <StepTitle step={step} />
            {isUnsure ? <span className="text-warn-ink"> ({t('unsure')})</span> : null}
          </li>
        ))}
      </ul>
    </div>
  );
}
