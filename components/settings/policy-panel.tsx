'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { useAddressText } from '@/components/shell/use-address-state';
import { Callout } from '@/components/ui/banner';
import { signed } from '@/components/ui/base/signed';
import { durationText } from '@/components/ui/duration-text';
import { FactRow, Facts } from '@/components/ui/facts';
import { Panel } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import { useMay } from '@/lib/client/session/rights';
import type { PolicyView, SetPolicyAction } from '@/lib/contract/policy';
import { connectionKinds } from '@/lib/policy/connection-kinds';
import type { Policy } from '@/lib/policy/policy';
import { PolicyForm } from './policy-form';

type PolicyPanelProps = {
  readonly policies: readonly PolicyView[];
  readonly setPolicy: SetPolicyAction;
  readonly onSet: () => void;
};

/** The policies for all plans, by kind of connection: one of them is shown. */
export function PolicyPanel({ policies, setPolicy, onSet }: PolicyPanelProps) {
  const t = useTranslations('settings.policy');
  const format = useFormatter();
  const mayConfigure = useMay('configure');
  const [asked, setKind] = useAddressText('policy');
  const kind = connectionKinds.find((each) => each === asked) ?? 'sandbox';
  const view = policies.find((each) => each.kind === kind);
  if (view === undefined) return null;
  const { set, unread = [] } = view;
  return (
    <Panel
      title={t('title')}
      aside={
        <Segmented
          label={t('kind')}
          value={kind}
          onChange={setKind}
          options={connectionKinds.map((value) => ({ value, label: t(`of.${value}`) }))}
        />
      }
    >
      <div className="grid gap-4">
        <p className="text-12 text-ink-2">{t('about')}</p>
        <p className="text-12" aria-live="polite">
          {set === null ? t('unset') : t.rich('set', signed(set.by, set.at))}
        </p>
        {unread.length === 0 ? null : (
          <Callout
            tone="warn"
            title={t('unread', { fields: format.list(unread.map((field) => t('unreadField', { field }))) })}
          />
        )}
        <div className={mayConfigure ? 'md:hidden' : undefined}>
          <PolicyFacts policy={view.policy} />
        </div>
        {mayConfigure ? (
          <div className="max-md:hidden">
            <PolicyForm key={`${kind} ${set?.at}`} view={view} setPolicy={setPolicy} onSet={onSet} />
          </div>
        ) : null}
      </div>
    </Panel>
  );
}

/** A read-only policy, for small screens and for those who may not change it. */
function PolicyFacts({ policy }: { readonly policy: Policy }) {
  const t = useTranslations('settings.policy');
  const missed = useTranslations('plan.schedule.missed');
  const guard = useTranslations('plan.schedule.guard');
  const measures = useTranslations('run.measure.name');
  const { zone, prewarmS, missedT0, guards } = policy;
  return (
    <Facts>
      <FactRow name={t('zone')}>{zone ?? t('ownZone')}</FactRow>
      <FactRow name={t('prewarm')}>{prewarmS === null ? t('byForecast') : durationText(prewarmS)}</FactRow>
      <FactRow name={missed('title')}>{missed(`kind.${missedT0.kind}`)}</FactRow>
      {guards.map(({ measure, limit, forS, outcome }) => (
        <FactRow key={measure} name={guard('above', { measure: measures(measure) })}>
          {t('guard', { limit, unit: guard(`unit.${measure}`), seconds: forS, outcome: guard(outcome) })}
        </FactRow>
      ))}
    </Facts>
  );
}
