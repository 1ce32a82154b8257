import { useTranslations } from 'next-intl';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import type { Estate } from '@/lib/estate/model';
import type { Fix } from '@/lib/preflight/model';
import { LaneField, type LaneFieldState } from './lane-field';
import { ruleOptions } from './lane-options';
import type { LaneName, LaneRoute } from './split-draft';

type RuleFieldProps = {
  readonly lane: LaneName;
  readonly estate: Estate;
  readonly route: LaneRoute;
  readonly state: LaneFieldState;
  /** The route's line ends here. */
  readonly last?: boolean;
  readonly onChange: (rule: LaneRoute['rule']) => void;
  readonly onFix: (patch: NonNullable<Fix['patch']>) => void;
};

const newRule = 'new';

/** The rule that takes the domain's requests: one that the listener has, or a new one with its path. */
export function RuleField({ lane, estate, route, state, last = false, onChange, onFix }: RuleFieldProps) {
  const t = useTranslations('diversion');
  const { rule, domain, listenerId } = route;
  const url = rule.kind === 'new' ? rule.url : '/';
  const options = [
    ...ruleOptions(estate, listenerId, domain),
    { value: newRule, label: t('newRule'), hint: t('newRuleHint', { domain, url }) },
  ];
  const value = rule.kind === 'existing' ? rule.ruleId : newRule;
  return (
    <LaneField
      field={`${lane}.rule`}
      label={t('field.rule')}
      part="rule"
      kind={lane === 'laneA' ? 'cvm' : 'scf'}
      last={last}
      onFix={onFix}
      {...state}
    >
      {(control) => (
        <>
          <Select
            {...control}
            options={options}
            value={listenerId === '' ? '' : value}
            onChange={(next) =>
              onChange(next === newRule ? { kind: 'new', url: '/' } : { kind: 'existing', ruleId: next })
            }
            placeholder={t('choose.ruleFirst')}
            disabled={listenerId === ''}
          />
          {listenerId !== '' && rule.kind === 'new' ? (
            <div className="flex items-center gap-2">
              <label htmlFor={`${control.id}-path`} className="shrink-0 text-12 text-ink-2">
                {t('field.path')}
              </label>
              <Input
                id={`${control.id}-path`}
                aria-invalid={control['aria-invalid']}
                value={rule.url}
                onChange={(event) => onChange({ kind: 'new', url: event.target.value })}
                className="flex-1"
              />
            </div>
          ) : null}
        </>
      )}
    </LaneField>
  );
}
