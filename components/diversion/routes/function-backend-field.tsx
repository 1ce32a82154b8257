import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useOptions } from '@/components/diversion/draft/use-options';
import { Button } from '@/components/ui/button';
import { Picker } from '@/components/ui/pickers/picker';
import { useMay } from '@/lib/client/session/rights';
import type { FunctionRouteDraft } from '@/lib/draft/draft';
import { findStock } from '@/lib/draft/find-stock';
import { optionKey } from '@/lib/draft/function-key';
import { findChosen } from '@/lib/draft/options/find-chosen';
import { findLoadBalancer } from '@/lib/estate/look-up';
import { getOwner } from '@/lib/estate/owner';
import { RouteFieldFrame } from './route-field';
import { createOption, type RouteForm, type RouteProps } from './route-form';
import { TestFunction } from './test-function';
import { TestInvocationOutcome } from './test-invocation-outcome';

const noVerbs: Pick<RouteForm, 'create' | 'trying'> = {};

/** The function that serves a domain: a version or an alias of one, or one that is created here. */
export function FunctionBackendField({ form, index, route }: RouteProps<FunctionRouteDraft>) {
  const t = useTranslations('diversion');
  const { estate } = form;
  const field = `routes.${index}.function` as const;
  const balancer = findLoadBalancer(estate, route.loadBalancerId);
  const region = balancer?.region;
  const owned = getOwner(balancer ?? {});
  // Functions are created and tested in the diversion's own account, by those who may run code of their own.
  const mayRunCode = useMay('runCode', {
    connections: [form.place.connectionId],
    regions: region === undefined ? [] : [region],
    domains: [],
  });
  const { create, trying } = owned.connectionId === undefined && mayRunCode ? form : noVerbs;
  const value = optionKey(route.function);
  const source = useOptions(form.place, form.draft, {
    kind: 'function',
    loadBalancerId: route.loadBalancerId,
  });
  const options = [
    ...findChosen(form.chosen, 'function', { index, value }),
    ...(create ? [{ value: createOption, label: t('create.function'), isAlways: true }] : []),
  ];
  const stock = findStock(estate, route.loadBalancerId);
  const choose = (key: string) => form.choose({ kind: 'function', index, key });
  return (
    <RouteFieldFrame
      field={field}
      label={t('field.function')}
      onFix={form.fix}
      {...form.stateOf(field)}
      {...(region !== undefined && stock?.hasFunctions === false
        ? { note: t('noFunctions', { region }) }
        : {})}
      aside={
        <>
          {trying ? <TestFunction trying={trying} account={trying.account} route={route} /> : null}
          {create ? (
            <Button
              size="sm"
              variant="ghost"
              icon={<Plus aria-hidden />}
              onClick={() => create.function(index)}
            >
              {t('create.functionButton')}
            </Button>
          ) : null}
        </>
      }
    >
      {(control) => (
        <>
          <Picker
            {...control}
            options={options}
            source={source}
            value={value}
            onChange={(key) => (key === createOption ? create?.function(index) : choose(key))}
            placeholder={t('choose.function')}
          />
          {trying ? <TestInvocationOutcome tried={trying.stateOf(route.function)} /> : null}
        </>
      )}
    </RouteFieldFrame>
  );
}
