import { useTranslations } from 'next-intl';
import { chooseLoadBalancer } from '@/components/diversion/draft/route-choices';
import { loadBalancerOptions } from '@/components/diversion/draft/route-options';
import { Select } from '@/components/ui/select';
import { CreatedNote } from './created-note';
import { RouteFieldFrame } from './route-field';
import { createOption, type RouteProps } from './route-form';

/** The load balancer of a route: one of the estate, or one to create. */
export function LoadBalancerField({ form, index, route }: RouteProps) {
  const t = useTranslations('diversion');
  const { create, draft, estate } = form;
  const field = `routes.${index}.loadBalancerId` as const;
  const made = draft.creates.loadBalancers.find(({ id }) => id === route.loadBalancerId);
  const options = [
    ...loadBalancerOptions(estate, t('created.word'), form.accountName),
    ...(create ? [{ value: createOption, label: t('create.loadBalancer') }] : []),
  ];
  return (
    <RouteFieldFrame
      field={field}
      label={t('field.loadBalancerId')}
      part="loadBalancer"
      side={route.to}
      onFix={form.fix}
      {...form.stateOf(field)}
    >
      {(control) => (
        <>
          <Select
            {...control}
            options={options}
            value={route.loadBalancerId}
            onChange={(id) =>
              id === createOption
                ? create?.loadBalancer(index)
                : form.changeRoute(index, (now) => chooseLoadBalancer(estate, now, id))
            }
            placeholder={t('choose.loadBalancerId')}
          />
          {made && create ? (
            <CreatedNote
              name={made.name}
              facts={[
                t(`network.${made.network}`),
                ...(made.network === 'OPEN' && made.address === 'fixed' ? [t('fixedAddress')] : []),
                made.vpcId,
                ...(made.subnetId ? [made.subnetId] : []),
                ...(made.masterZone ? [made.masterZone] : []),
                ...(made.internet ? [t('mbps', { mbps: made.internet.bandwidthMbps })] : []),
                ...(made.slaType ? [made.slaType] : []),
              ]}
              onEdit={() => create.loadBalancer(index, made.id)}
              onRemove={() => create.remove(made.id)}
            />
          ) : null}
        </>
      )}
    </RouteFieldFrame>
  );
}
