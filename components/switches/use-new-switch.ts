import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { applyFix } from '@/components/diversion/apply-fix';
import { findingsOf } from '@/components/diversion/field-findings';
import { chooseDomainOfB } from '@/components/diversion/lane-choices';
import type { LaneFieldState } from '@/components/diversion/lane-field';
import { emptyDraft, type SplitDraft } from '@/components/diversion/split-draft';
import { useMessage } from '@/components/ui/use-message';
import type { AddSwitchAction } from '@/lib/client/actions';
import { defaultFailover } from '@/lib/diversion/failover';
import type { SplitField } from '@/lib/diversion/split';
import type { Estate } from '@/lib/estate/model';
import type { Fix } from '@/lib/preflight/model';
import { routes } from '@/lib/routes';
import { previewSwitch } from './preview-switch';
import { useSwitchAction } from './use-switch-action';

type NewSwitchInput = {
  readonly connectionId: string;
  readonly estate: Estate;
  readonly addSwitch: AddSwitchAction;
};

/** A Switch while it is put together, and the way onto the board. */
export function useNewSwitch({ connectionId, estate, addSwitch }: NewSwitchInput) {
  const message = useMessage('switch.error', 'diversion.error');
  const router = useRouter();
  const [draft, setDraft] = useState(() => emptyDraft(''));
  const preview = useMemo(() => previewSwitch(estate, draft), [estate, draft]);
  const adding = useSwitchAction(addSwitch, () => router.push(routes.switches()));

  function take(next: SplitDraft) {
    adding.forget();
    const { domain } = next.laneA;
    // One domain: the function's rule follows it.
    const laneB = domain === draft.laneA.domain ? next.laneB : chooseDomainOfB(estate, next.laneB, domain);
    setDraft({ ...next, laneB });
  }

  return {
    draft,
    preview,
    adding,
    stateOf: (field: SplitField): LaneFieldState => ({
      findings: findingsOf(preview.findings, field),
      errors: (preview.errors[field] ?? []).map((key) => message(key)),
    }),
    setLaneA: (lane: Partial<SplitDraft['laneA']>) => take({ ...draft, laneA: { ...draft.laneA, ...lane } }),
    setLaneB: (lane: Partial<SplitDraft['laneB']>) => take({ ...draft, laneB: { ...draft.laneB, ...lane } }),
    fix: (patch: NonNullable<Fix['patch']>) => take(applyFix(estate, draft, patch)),
    submit: () => {
      if (preview.diversion === null) return;
      adding.give({ connectionId, diversion: preview.diversion, policy: defaultFailover });
    },
  };
}
