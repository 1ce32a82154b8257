import { useTranslations } from 'next-intl';
import { chooseListener } from '@/components/diversion/draft/route-choices';
import { listenerOptions } from '@/components/diversion/draft/route-options';
import { Select } from '@/components/ui/select';
import { CreatedNote } from './created-note';
import { RouteFieldFrame } from './route-field';
import { createOption, type RouteProps } from './route-form';

/** The listener of a route: an existing one of its load balancer, or one to create. */
export function ListenerField({ form, index, route }: RouteProps) {
  const t = useTranslations('diversion');
  const { create, draft, estate } = form;
  const field = `routes.${index}.listenerId` as const;
  const made = draft.creates.listeners.find(({ id }) => id === route.listenerId);
  const hasLoadBalancer = route.loadBalancerId !== '';
  const listeners = listenerOptions(estate, route.loadBalancerId, t('created.word'));
  const options = [
    ...listeners,
    ...(create && hasLoadBalancer ? [{ value: createOption, label: t('create.listener') }] : []),
  ];
  return (
    <RouteFieldFrame
      field={field}
      label={t('field.listenerId')}
      part="listener"
      side={route.to}
      onFix={form.fix}
      {...form.stateOf(field)}
      {...(hasLoadBalancer && listeners.length === 0 ? { note: t('noListeners') } : {})}
    >
      {(control) => (
        <>
          <Select
            {...control}
            options={options}
            value={route.listenerId}
            onChange={(id) =>
              id === createOption
                ? create?.listener(index)
                : form.changeRoute(index, (now) => chooseListener(estate, now, id))
            }
            placeholder={hasLoadBalancer ? t('choose.listenerId') : t('choose.listenerFirst')}
            disabled={options.length === 0}
          />
          {made && create ? (
            <CreatedNote
              name={made.name}
              facts={[made.name, ...(made.certificateId ? [made.certificateId] : [])]}
              onEdit={() => create.listener(index, made.id)}
              onRemove={() => create.remove(made.id)}
            />
          ) : null}
        </>
      )}
    </RouteFieldFrame>
  );
}
