import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Select } from '@/components/ui/select';
import { findLoadBalancer } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { Fix } from '@/lib/preflight/model';
import { LaneField, type LaneFieldState } from './lane-field';
import { instanceOptions } from './lane-options';
import type { SplitDraft } from './split-draft';
import { TargetRow } from './target-row';

type CvmLaneDraft = SplitDraft['laneA'];
type TargetDraft = CvmLaneDraft['addTargets'][number];

type CvmBackendFieldProps = {
  readonly estate: Estate;
  readonly lane: CvmLaneDraft;
  readonly state: LaneFieldState;
  readonly onChange: (targets: readonly TargetDraft[]) => void;
  readonly onFix: (patch: NonNullable<Fix['patch']>) => void;
};

/** The cloud's default weight of a target. https://www.tencentcloud.com/document/api/214/33829 */
const targetWeightDefault = 10;

/** What serves domain A: what is bound now, and targets to add to it. Nothing is taken away. */
export function CvmBackendField({ estate, lane, state, onChange, onFix }: CvmBackendFieldProps) {
  const t = useTranslations('diversion');
  const { rule, addTargets } = lane;
  const bound = estate.rules.find((r) => rule.kind === 'existing' && r.id === rule.ruleId);
  const boundIds = bound?.targets.map((target) => target.instanceId) ?? [];
  const region = findLoadBalancer(estate, lane.loadBalancerId)?.region;
  const instances = instanceOptions(estate, region, boundIds);
  const unused = instances.find(({ value }) => !addTargets.some((target) => target.instanceId === value));
  const port = bound?.targets[0]?.port ?? 80;
  const add = () =>
    unused && onChange([...addTargets, { instanceId: unused.value, port, weight: targetWeightDefault }]);
  const rows = addTargets.map((target, index) => ({ number: index + 1, target }));
  const options = [
    {
      value: 'keep',
      label: t('backend.keep'),
      hint: t('backend.keepHint', {
        targets: bound?.targets.length ?? 0,
        functions: bound?.functions.length ?? 0,
      }),
    },
    { value: 'add', label: t('backend.add'), hint: t('backend.addHint', { count: addTargets.length }) },
  ];
  const hasListener = lane.listenerId !== '';
  return (
    <LaneField
      field="laneA.addTargets"
      label={t('field.addTargets')}
      part="cvm"
      kind="cvm"
      last
      onFix={onFix}
      {...state}
      {...(hasListener && instances.length === 0 && region !== undefined
        ? { note: t('backend.noInstances', { region }) }
        : {})}
    >
      {(control) => (
        <>
          <Select
            {...control}
            options={options}
            value={hasListener ? (addTargets.length > 0 ? 'add' : 'keep') : ''}
            onChange={(value) => (value === 'add' ? add() : onChange([]))}
            placeholder={t('choose.ruleFirst')}
            disabled={!hasListener}
          />
          {rows.map(({ number, target }) => (
            <TargetRow
              key={number}
              number={number}
              target={target}
              instances={instances}
              onChange={(next) => onChange(rows.map((row) => (row.number === number ? next : row.target)))}
              onRemove={() => onChange(addTargets.filter((other) => other !== target))}
            />
          ))}
          {addTargets.length > 0 && unused ? (
            <div>
              <Button size="sm" variant="ghost" icon={<Plus aria-hidden />} onClick={add}>
                {t('backend.addOne')}
              </Button>
            </div>
          ) : null}
        </>
      )}
    </LaneField>
  );
}
