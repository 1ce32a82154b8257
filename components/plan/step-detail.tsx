import { useTranslations } from 'next-intl';
import { unreachable } from '@/lib/invariant';
import type { Step } from '@/lib/plan/model';

/** The second line of a step: where it happens, or what answer it takes. */
export function StepDetail({ step }: { readonly step: Step }) {
  const t = useTranslations('plan.stepDetail');
  switch (step.kind) {
    case 'drain':
    case 'bake':
      return t(step.kind);
    case 'probe': {
      if (step.probe.kind === 'dns') return t('dns');
      const { status, bodyContains } = step.probe.expect;
      return bodyContains === null ? t('httpAny', { status }) : t('http', { status, body: bodyContains });
    }
    case 'write':
      return step.object.kind === 'rule'
        ? t('rule', {
            loadBalancer: step.object.loadBalancerId,
            listener: step.object.listenerId,
            region: step.object.region,
          })
        : t('recordSet', { zone: step.object.zone, line: step.object.line, lineId: step.object.lineId });
    default:
      return unreachable(step);
  }
}
