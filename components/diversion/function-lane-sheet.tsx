import { useTranslations } from 'next-intl';
import { Input } from '@/components/ui/input';
import { addressRecordsOf } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { DeployProgress } from './deploy-progress';
import { FunctionBackendField } from './function-backend-field';
import { laneCounts } from './lane-counts';
import { LaneField } from './lane-field';
import { LaneSheet } from './lane-sheet';
import { RouteFields } from './route-fields';
import type { FunctionDeployment } from './use-function-deployment';
import type { SplitForm } from './use-split-form';

type FunctionLaneSheetProps = {
  readonly estate: Estate;
  readonly form: SplitForm;
  readonly deployment: FunctionDeployment;
  readonly onCreateFunction: () => void;
};

/** Lane B: the domain that goes to a function. */
export function FunctionLaneSheet({ estate, form, deployment, onCreateFunction }: FunctionLaneSheetProps) {
  const t = useTranslations('diversion');
  const lane = form.draft.laneB;
  const ttlS = Math.max(0, ...addressRecordsOf(estate, lane.domain).map((record) => record.ttlS));
  const foot = ttlS > 0 ? t('lane.laneB.footTtl', { seconds: ttlS }) : t('lane.laneB.foot');
  return (
    <LaneSheet lane="laneB" {...laneCounts(form.preview, 'laneB')} foot={foot}>
      <RouteFields
        lane="laneB"
        estate={estate}
        route={lane}
        stateOf={form.stateOf}
        onChange={form.setLaneB}
        onFix={form.fix}
      />
      <FunctionBackendField
        estate={estate}
        lane={lane}
        state={form.stateOf('laneB.function')}
        onChange={(choice) => form.setLaneB({ function: choice })}
        onFix={form.fix}
        onCreate={onCreateFunction}
      />
      {deployment.state === 'running' ? (
        <div className="pb-3.5 pl-8.5">
          <DeployProgress deployment={deployment} />
        </div>
      ) : null}
      <LaneField
        field="laneB.expectedBody"
        label={t('field.expectedBody')}
        part="answer"
        kind="scf"
        last
        note={t('expectedBodyNote')}
        onFix={form.fix}
        {...form.stateOf('laneB.expectedBody')}
      >
        {(control) => (
          <Input
            {...control}
            value={lane.expectedBody}
            onChange={(event) => form.setLaneB({ expectedBody: event.target.value })}
            placeholder={t('choose.expectedBody')}
          />
        )}
      </LaneField>
    </LaneSheet>
  );
}
