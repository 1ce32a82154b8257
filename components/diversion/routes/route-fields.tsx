import { shownAt } from '@/components/diversion/draft/draft-fields';
import { CvmBackendField } from './cvm-backend-field';
import { DomainField } from './domain-field';
import { ExpectedBodyField } from './expected-body-field';
import { FunctionBackendField } from './function-backend-field';
import { ListenerField } from './listener-field';
import { LoadBalancerField } from './load-balancer-field';
import { ProvisionedField } from './provisioned-field';
import type { RouteForm, RouteProps } from './route-form';
import { RuleField } from './rule-field';

type RouteFieldsProps = {
  readonly form: RouteForm;
  readonly index: number;
  /** True if targets can be added to the CVM side. */
  readonly canAddTargets?: boolean;
};

/**
 * One route from its domain to its backend. Each choice fills in what follows from it. A choice that another route sets
 * for this one too has its control at that route.
 */
export function RouteFields({ form, index, canAddTargets = true }: RouteFieldsProps) {
  const route = form.draft.routes[index];
  if (route === undefined) return null;
  const props: RouteProps = { form, index, route };
  const isOwn = (choice: 'domain' | 'loadBalancerId') => {
    const field = `routes.${index}.${choice}` as const;
    return shownAt(form.draft, field) === field;
  };
  return (
    <>
      {isOwn('domain') ? <DomainField {...props} /> : null}
      {isOwn('loadBalancerId') ? <LoadBalancerField {...props} /> : null}
      <ListenerField {...props} />
      <RuleField {...props} last={route.to === 'cvm' && !canAddTargets} />
      {route.to === 'function' ? (
        <>
          <FunctionBackendField form={form} index={index} route={route} />
          <ProvisionedField form={form} index={index} route={route} />
          <ExpectedBodyField form={form} index={index} route={route} />
        </>
      ) : canAddTargets ? (
        <CvmBackendField form={form} index={index} route={route} />
      ) : null}
    </>
  );
}
