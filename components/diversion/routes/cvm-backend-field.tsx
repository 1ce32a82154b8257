import { useTranslations } from 'next-intl';
import { Select } from '@/components/ui/select';
import type { CvmRouteDraft, TargetDraft } from '@/lib/draft/draft';
import { editRoute } from '@/lib/draft/edit-routes';
import { findStock } from '@/lib/draft/find-stock';
import { findLoadBalancer } from '@/lib/estate/look-up';
import { AddedTargets } from './added-targets';
import { RouteFieldFrame } from './route-field';
import type { RouteProps } from './route-form';

/** The targets that serve a domain by CVM: those bound now, and those to add. Nothing is removed. */
export function CvmBackendField({ form, index, route }: RouteProps<CvmRouteDraft>) {
  const t = useTranslations('diversion');
  const { rule, addTargets } = route;
  const { estate } = form;
  const field = `routes.${index}.addTargets` as const;
  const bound = estate.rules.find((r) => rule.kind !== 'new' && r.id === rule.ruleId);
  const region = findLoadBalancer(estate, route.loadBalancerId)?.region;
  const stock = findStock(estate, route.loadBalancerId);
  const change = (targets: readonly TargetDraft[]) =>
    form.edit((draft) =>
      editRoute(draft, index, (now) => (now.to === 'cvm' ? { ...now, addTargets: targets } : now)),
    );
  const add = () => form.choose({ kind: 'addTarget', index });
  const options = [
    {
      value: 'keep',
      label: t('backend.keep'),
      hint: t('backend.keepHint', {
        targets: bound?.targets.length ?? 0,
        functions: bound?.functions.length ?? 0,
      }),
    },
    { value: 'add', label: t('backend.add'), hint: t('backend.addHint', { count: addTargets.length }) },
  ];
  const hasListener = route.listenerId !== '';
  return (
    <RouteFieldFrame
      field={field}
      label={t('field.addTargets')}
      onFix={form.fix}
      {...form.stateOf(field)}
      {...(hasListener && stock?.hasInstances === false && region !== undefined
        ? { note: t('backend.noInstances', { region }) }
        : {})}
    >
      {(control) => (
        <>
          <Select
            {...control}
            options={options}
            value={hasListener ? (addTargets.length > 0 ? 'add' : 'keep') : ''}
            onChange={(value) => (value === 'add' ? add() : change([]))}
            placeholder={t('choose.ruleFirst')}
            disabled={!hasListener}
          />
          {addTargets.length > 0 ? (
            <AddedTargets {...{ form, index, route }} onChange={change} onAdd={add} />
          ) : null}
        </>
      )}
    </RouteFieldFrame>
  );
}
