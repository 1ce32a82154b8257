import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { applyFix } from '@/components/diversion/draft/apply-fix';
import { changeRoute } from '@/components/diversion/draft/change-routes';
import { type Draft, type EditorField, emptyDraft } from '@/components/diversion/draft/draft';
import { findingsForField } from '@/components/diversion/draft/field-findings';
import { buildPreview, type Preview } from '@/components/diversion/draft/preview';
import type { RouteFieldState } from '@/components/diversion/routes/route-field';
import type { RouteForm } from '@/components/diversion/routes/route-form';
import { useMessage } from '@/components/ui/use-message';
import type { AddSwitchAction } from '@/lib/client/actions';
import { defaultFailover } from '@/lib/diversion/failover';
import type { FunctionTrial } from '@/lib/estate/function-trial';
import type { Estate } from '@/lib/estate/model';
import { routes } from '@/lib/routes';
import { useSwitchAction } from './use-switch-action';

type NewSwitchInput = {
  readonly connectionId: string;
  readonly estate: Estate;
  readonly trials: readonly FunctionTrial[];
  readonly addSwitch: AddSwitchAction;
};

/**
 * Returns the checks' result for a Switch while it is being edited. It is named after its domain, and nothing moves
 * yet.
 */
function previewSwitch(estate: Estate, trials: readonly FunctionTrial[], draft: Draft): Preview {
  const name = draft.routes[0]?.domain ?? '';
  const preview = buildPreview({ estate, draft: { ...draft, name }, keepAliveS: 0, trials });
  if (preview.plan.state !== 'incomplete') return preview;
  // Without a domain there is no name either; reporting one of them is enough.
  const missing = preview.plan.missing.filter((field) => field !== 'name');
  return { ...preview, plan: { ...preview.plan, missing } };
}

/** Provides a Switch while it is being edited, and the action that adds it to the board. */
export function useNewSwitch({ connectionId, estate, trials, addSwitch }: NewSwitchInput) {
  const message = useMessage('switch.error', 'diversion.error');
  const router = useRouter();
  const [draft, setDraft] = useState(() => emptyDraft('switch', ''));
  const preview = useMemo(() => previewSwitch(estate, trials, draft), [estate, trials, draft]);
  const adding = useSwitchAction(addSwitch, () => router.push(routes.switches()));

  function take(change: (draft: Draft) => Draft) {
    adding.forget();
    setDraft(change);
  }

  const form: RouteForm = {
    draft,
    estate,
    stateOf: (field: EditorField): RouteFieldState => ({
      findings: findingsForField(preview.findings, field),
      errors: (preview.errors[field] ?? []).map((error) => message(error.message, error.values)),
    }),
    changeRoute: (index, change) => take((now) => changeRoute(estate, now, index, change)),
    fix: (patch) => take((now) => applyFix(estate, now, patch)),
  };
  return {
    form,
    preview,
    adding,
    submit: () => {
      const { diversion } = preview;
      if (diversion?.kind !== 'switch') return;
      adding.give({ connectionId, diversion, policy: defaultFailover });
    },
  };
}
