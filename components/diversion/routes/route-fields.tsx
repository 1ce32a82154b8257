import { useTranslations } from 'next-intl';
import { useOptions } from '@/components/diversion/draft/use-options';
import { wholeNumber, wholeText } from '@/components/diversion/draft/whole-number';
import { Input } from '@/components/ui/input';
import { Picker } from '@/components/ui/pickers/picker';
import type { FunctionRouteDraft } from '@/lib/draft/draft';
import { shownAt } from '@/lib/draft/draft-fields';
import { editRoute, setExpectedBody } from '@/lib/draft/edit-routes';
import { findStock } from '@/lib/draft/find-stock';
import { findChosen } from '@/lib/draft/options/find-chosen';
import { findFunction, findLoadBalancer } from '@/lib/estate/look-up';
import { getOwner } from '@/lib/estate/owner';
import { provisionableVersion } from '@/lib/plan/model/function-choice';
import { CreatedListener, CreatedLoadBalancer } from './chosen-parts';
import { CvmBackendField } from './cvm-backend-field';
import { DomainField } from './domain-field';
import { FunctionBackendField } from './function-backend-field';
import { RouteFieldFrame } from './route-field';
import type { RouteForm, RouteProps } from './route-form';
import { createOption } from './route-form';
import { RuleField } from './rule-field';

type RouteFieldsProps = {
  readonly form: RouteForm;
  readonly index: number;
  /** The fields that stand elsewhere on the page: the name, and the function that all routes share. */
  readonly elsewhere?: readonly ('domain' | 'function')[];
  /** True if targets can be added to the CVM side. */
  readonly canAddTargets?: boolean;
};

/**
 * One route from its domain to its backend. Each choice fills in its consequences. A choice that another route also
 * sets for this one has its control at that route.
 */
export function RouteFields({ form, index, elsewhere = [], canAddTargets = true }: RouteFieldsProps) {
  const route = form.draft.routes[index];
  if (route === undefined) return null;
  const props: RouteProps = { form, index, route };
  const isOwn = (choice: 'domain' | 'loadBalancerId') => {
    const field = `routes.${index}.${choice}` as const;
    return shownAt(form.draft, field) === field;
  };
  return (
    <div className="grid gap-3">
      {isOwn('domain') && !elsewhere.includes('domain') ? <DomainField {...props} /> : null}
      {isOwn('loadBalancerId') ? <LoadBalancerField {...props} /> : null}
      <ListenerField {...props} />
      <RuleField {...props} />
      {route.to === 'function' ? (
        <>
          {elsewhere.includes('function') ? null : <FunctionFields {...{ form, index, route }} />}
          <ProvisionedField {...{ form, index, route }} />
        </>
      ) : canAddTargets ? (
        <CvmBackendField {...{ form, index, route }} />
      ) : null}
    </div>
  );
}

/** The function of a route, and the text by which its answer is known. */
export function FunctionFields(props: RouteProps<FunctionRouteDraft>) {
  return (
    <>
      <FunctionBackendField {...props} />
      <ExpectedBodyField {...props} />
    </>
  );
}

/** Text that only the function's response contains. It verifies the route before and after DNS moves. */
function ExpectedBodyField({ form, index, route }: RouteProps<FunctionRouteDraft>) {
  const t = useTranslations('diversion');
  const field = `routes.${index}.expectedBody` as const;
  const change = (text: string) => form.edit((draft) => setExpectedBody(draft, index, text));
  return (
    <RouteFieldFrame
      field={field}
      label={t('field.expectedBody')}
      note={t('expectedBodyNote')}
      onFix={form.fix}
      {...form.stateOf(field)}
    >
      {(control) => (
        <Input
          {...control}
          value={route.expectedBody}
          onChange={(event) => change(event.target.value)}
          placeholder={t('choose.expectedBody')}
        />
      )}
    </RouteFieldFrame>
  );
}

/** The provisioned concurrency of the function from prewarm on; only versions, and aliases of one, support it. */
function ProvisionedField({ form, index, route }: RouteProps<FunctionRouteDraft>) {
  const t = useTranslations('diversion.provisioned');
  const { provisioned } = route;
  const balancer = findLoadBalancer(form.estate, route.loadBalancerId);
  const choice = { ...route.function, ...getOwner(balancer ?? {}) };
  const field = `routes.${index}.provisioned` as const;
  const version = provisionableVersion(form.estate, choice);
  const isOff = version === null;
  const settings = findFunction(form.estate, choice)?.provisioned;
  // null = unreadable.
  const now = settings ? (settings.find(({ qualifier }) => qualifier === version)?.allocated ?? 0) : null;
  const note = isOff
    ? t(choice.name === '' ? 'functionFirst' : 'notLatest')
    : now === null
      ? t('note', { version })
      : t('noteNow', { version, now });
  const change = (text: string) =>
    form.edit((draft) =>
      editRoute(draft, index, (route) =>
        route.to === 'function'
          ? { ...route, provisioned: text.trim() === '' ? null : wholeNumber(text) }
          : route,
      ),
    );
  return (
    <RouteFieldFrame field={field} label={t('label')} note={note} onFix={form.fix} {...form.stateOf(field)}>
      {(control) => (
        <Input
          {...control}
          inputMode="numeric"
          unit={t('unit')}
          disabled={isOff && provisioned === null}
          value={provisioned === null ? '' : wholeText(provisioned)}
          onChange={(event) => change(event.target.value)}
          placeholder={t('asItIs')}
        />
      )}
    </RouteFieldFrame>
  );
}

/** The listener of a route: an existing one of its load balancer, or one to create. */
function ListenerField({ form, index, route }: RouteProps) {
  const t = useTranslations('diversion');
  const { create, draft, estate } = form;
  const field = `routes.${index}.listenerId` as const;
  const made = draft.creates.listeners.find(({ id }) => id === route.listenerId);
  const hasLoadBalancer = route.loadBalancerId !== '';
  const hasNone = findStock(estate, route.loadBalancerId)?.hasListeners === false;
  const { to, loadBalancerId } = route;
  const source = useOptions(form.place, form.draft, { kind: 'listener', loadBalancerId, to });
  const options = [
    ...findChosen(form.chosen, 'listener', { index, value: route.listenerId }),
    ...(create && hasLoadBalancer
      ? [{ value: createOption, label: t('create.listener'), isAlways: true }]
      : []),
  ];
  return (
    <RouteFieldFrame
      field={field}
      label={t('field.listenerId')}
      onFix={form.fix}
      {...form.stateOf(field)}
      {...(hasLoadBalancer && hasNone ? { note: t('noListeners') } : {})}
    >
      {(control) => (
        <>
          <Picker
            {...control}
            options={options}
            source={source}
            value={route.listenerId}
            onChange={(id) =>
              id === createOption ? create?.listener(index) : form.choose({ kind: 'listener', index, id })
            }
            placeholder={hasLoadBalancer ? t('choose.listenerId') : t('choose.listenerFirst')}
            disabled={!hasLoadBalancer || (hasNone && !create)}
          />
          {made && create ? <CreatedListener {...{ made, create, index }} /> : null}
        </>
      )}
    </RouteFieldFrame>
  );
}

/** The load balancer of a route: one of the estate, or one to create. */
function LoadBalancerField({ form, index, route }: RouteProps) {
  const t = useTranslations('diversion');
  const { create, draft } = form;
  const field = `routes.${index}.loadBalancerId` as const;
  const made = draft.creates.loadBalancers.find(({ id }) => id === route.loadBalancerId);
  const { loadBalancerId, to } = route;
  const source = useOptions(form.place, form.draft, { kind: 'loadBalancer', to });
  const options = [
    ...findChosen(form.chosen, 'loadBalancer', { index, value: loadBalancerId }),
    ...(create ? [{ value: createOption, label: t('create.loadBalancer'), isAlways: true }] : []),
  ];
  return (
    <RouteFieldFrame
      field={field}
      label={t('field.loadBalancerId')}
      onFix={form.fix}
      {...form.stateOf(field)}
    >
      {(control) => (
        <>
          <Picker
            {...control}
            options={options}
            source={source}
            value={loadBalancerId}
            onChange={(id) =>
              id === createOption
                ? create?.loadBalancer(index)
                : form.choose({ kind: 'loadBalancer', index, id })
            }
            placeholder={t('choose.loadBalancerId')}
          />
          {made && create ? <CreatedLoadBalancer {...{ made, create, index }} /> : null}
        </>
      )}
    </RouteFieldFrame>
  );
}
