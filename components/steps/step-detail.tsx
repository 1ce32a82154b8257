import { useTranslations } from 'next-intl';
import type { ObjectRef } from '@/lib/estate/object';
import { unreachable } from '@/lib/invariant';
import type { Step } from '@/lib/plan/model/model';

const bakeDetails = { prewarm: 'oldTtl', divert: 'bake', rollback: 'bake', drain: 'newTtl' } as const;

/** The second line of a step: its location, or the response that it expects. */
export function StepDetail({ step }: { readonly step: Step }) {
  const t = useTranslations('plan.stepDetail');
  switch (step.kind) {
    case 'drain':
      return t('drain');
    case 'bake':
      return t(bakeDetails[step.phase]);
    case 'probe': {
      if (step.probe.kind !== 'http') return t(step.probe.kind);
      const { status, bodyContains } = step.probe.expect;
      return bodyContains === null ? t('httpAny', { status }) : t('http', { status, body: bodyContains });
    }
    case 'write':
      return <ObjectDetail object={step.object} />;
    default:
      return unreachable(step);
  }
}

type ObjectProps = { readonly object: ObjectRef };

/** The location of an object, and its account if that is not the plan's own. */
export function ObjectDetail({ object }: ObjectProps) {
  const t = useTranslations('plan.stepDetail');
  return (
    <>
      <Place object={object} />
      {object.connectionId === undefined ? null : t('account', { id: object.connectionId })}
    </>
  );
}

function Place({ object }: ObjectProps) {
  const t = useTranslations('plan.stepDetail');
  switch (object.kind) {
    case 'rule': {
      const { loadBalancerId: loadBalancer, listenerId: listener, region } = object;
      return t('rule', { loadBalancer, listener, region });
    }
    case 'recordSet': {
      const { zone, line, lineId } = object;
      return t('recordSet', { zone, line, lineId });
    }
    case 'loadBalancer':
    case 'provisioned':
      return t('region', { region: object.region });
    case 'listener': {
      const { loadBalancerId: loadBalancer, region } = object;
      return t('listener', { loadBalancer, region });
    }
    default:
      return unreachable(object);
  }
}
