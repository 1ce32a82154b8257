import { useTranslations } from 'next-intl';
import type { Estate } from '@/lib/estate/model';
import { CvmBackendField } from './cvm-backend-field';
import { laneCounts } from './lane-counts';
import { LaneSheet } from './lane-sheet';
import { RouteFields } from './route-fields';
import type { SplitForm } from './use-split-form';

/** Lane A: the domain that stays with its CVM targets. */
export function CvmLaneSheet({ estate, form }: { readonly estate: Estate; readonly form: SplitForm }) {
  const t = useTranslations('diversion.lane');
  const lane = form.draft.laneA;
  return (
    <LaneSheet lane="laneA" {...laneCounts(form.preview, 'laneA')} foot={t('laneA.foot')}>
      <RouteFields
        lane="laneA"
        estate={estate}
        route={lane}
        stateOf={form.stateOf}
        onChange={form.setLaneA}
        onFix={form.fix}
      />
      <CvmBackendField
        estate={estate}
        lane={lane}
        state={form.stateOf('laneA.addTargets')}
        onChange={(targets) => form.setLaneA({ addTargets: [...targets] })}
        onFix={form.fix}
      />
    </LaneSheet>
  );
}
