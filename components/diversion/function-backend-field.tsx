import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Select } from '@/components/ui/select';
import { findLoadBalancer } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { Fix } from '@/lib/preflight/model';
import { LaneField, type LaneFieldState } from './lane-field';
import { functionKey, functionOptions, parseFunctionKey } from './lane-options';
import { noFunction, type SplitDraft } from './split-draft';

type FunctionLaneDraft = SplitDraft['laneB'];

type FunctionBackendFieldProps = {
  readonly estate: Estate;
  readonly lane: FunctionLaneDraft;
  readonly state: LaneFieldState;
  readonly onChange: (choice: FunctionLaneDraft['function']) => void;
  readonly onFix: (patch: NonNullable<Fix['patch']>) => void;
  /** Absent where none is created. */
  readonly onCreate?: () => void;
};

/** What serves domain B: a version of a function, or one that is created here. */
export function FunctionBackendField(props: FunctionBackendFieldProps) {
  const { estate, lane, state, onChange, onFix, onCreate } = props;
  const t = useTranslations('diversion');
  const region = findLoadBalancer(estate, lane.loadBalancerId)?.region;
  const options = functionOptions(estate, region);
  const hasLocal = estate.functions.some((fn) => fn.region === region);
  return (
    <LaneField
      field="laneB.function"
      label={t('field.function')}
      part="scf"
      kind="scf"
      onFix={onFix}
      {...state}
      {...(region !== undefined && !hasLocal ? { note: t('noFunctions', { region }) } : {})}
      aside={
        onCreate === undefined ? null : (
          <Button size="sm" variant="ghost" icon={<Plus aria-hidden />} onClick={onCreate}>
            {t('createFunction.open')}
          </Button>
        )
      }
    >
      {(control) => (
        <Select
          {...control}
          options={options}
          value={functionKey(lane.function)}
          onChange={(key) => onChange(parseFunctionKey(estate, key) ?? noFunction)}
          placeholder={t('choose.function')}
        />
      )}
    </LaneField>
  );
}
