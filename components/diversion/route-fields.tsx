import { useTranslations } from 'next-intl';
import { Select } from '@/components/ui/select';
import type { SplitField } from '@/lib/diversion/split';
import type { Estate } from '@/lib/estate/model';
import type { Fix } from '@/lib/preflight/model';
import { DomainField } from './domain-field';
import { chooseDomainOfA, chooseDomainOfB, chooseListener, chooseLoadBalancer } from './lane-choices';
import { LaneField, type LaneFieldState } from './lane-field';
import { listenerOptions, loadBalancerOptions } from './lane-options';
import { RuleField } from './rule-field';
import type { LaneName, LaneRoute } from './split-draft';

type RouteFieldsProps = {
  readonly lane: LaneName;
  readonly estate: Estate;
  readonly route: LaneRoute;
  readonly stateOf: (field: SplitField) => LaneFieldState;
  readonly onChange: (route: LaneRoute) => void;
  readonly onFix: (patch: NonNullable<Fix['patch']>) => void;
  /** `false` where the domain is chosen elsewhere. */
  readonly hasDomain?: boolean;
  /** Whether the lane ends at its rule. */
  readonly isWhole?: boolean;
};

/** The way into a lane: domain, load balancer, listener, rule. Each choice fills in what follows from it. */
export function RouteFields(props: RouteFieldsProps) {
  const { lane, estate, route, stateOf, onChange, onFix, hasDomain = true, isWhole = false } = props;
  const t = useTranslations('diversion');
  const kind = lane === 'laneA' ? 'cvm' : 'scf';
  const chooseDomain = lane === 'laneA' ? chooseDomainOfA : chooseDomainOfB;
  const listeners = listenerOptions(estate, route.loadBalancerId);
  const hasLoadBalancer = route.loadBalancerId !== '';
  return (
    <>
      {hasDomain ? (
        <DomainField
          lane={lane}
          estate={estate}
          value={route.domain}
          state={stateOf(`${lane}.domain`)}
          onChange={(domain) => onChange(chooseDomain(estate, route, domain.trim().toLowerCase()))}
          onFix={onFix}
        />
      ) : null}
      <LaneField
        field={`${lane}.loadBalancerId`}
        label={t('field.loadBalancerId')}
        part="loadBalancer"
        kind={kind}
        onFix={onFix}
        {...stateOf(`${lane}.loadBalancerId`)}
      >
        {(control) => (
          <Select
            {...control}
            options={loadBalancerOptions(estate)}
            value={route.loadBalancerId}
            onChange={(id) => onChange(chooseLoadBalancer(estate, route, id))}
            placeholder={t('choose.loadBalancerId')}
          />
        )}
      </LaneField>
      <LaneField
        field={`${lane}.listenerId`}
        label={t('field.listenerId')}
        part="listener"
        kind={kind}
        onFix={onFix}
        {...stateOf(`${lane}.listenerId`)}
        {...(hasLoadBalancer && listeners.length === 0 ? { note: t('noListeners') } : {})}
      >
        {(control) => (
          <Select
            {...control}
            options={listeners}
            value={route.listenerId}
            onChange={(id) => onChange(chooseListener(estate, route, id))}
            placeholder={hasLoadBalancer ? t('choose.listenerId') : t('choose.listenerFirst')}
            disabled={listeners.length === 0}
          />
        )}
      </LaneField>
      <RuleField
        lane={lane}
        estate={estate}
        route={route}
        state={stateOf(`${lane}.rule`)}
        onChange={(rule) => onChange({ ...route, rule })}
        last={isWhole}
        onFix={onFix}
      />
    </>
  );
}
