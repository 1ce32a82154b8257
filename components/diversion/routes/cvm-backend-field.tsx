import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { wholeNumber, wholeText } from '@/components/diversion/draft/whole-number';
import { Button, IconButton } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { Picker } from '@/components/ui/pickers/picker';
import { Select } from '@/components/ui/select';
import type { CvmRouteDraft, TargetDraft } from '@/lib/draft/draft';
import { findStock } from '@/lib/draft/find-stock';
import { instanceOptions } from '@/lib/draft/options/route-options';
import { listBoundTargets } from '@/lib/draft/rule-draft';
import { findLoadBalancer } from '@/lib/estate/look-up';
import { targetName } from '@/lib/estate/target';
import { RouteFieldFrame } from './route-field';
import type { RouteForm, RouteProps } from './route-form';
import { useFieldOptions } from './use-field-options';
import { useMarked } from './use-marked';

type TargetRowProps = {
  readonly form: RouteForm;
  readonly route: CvmRouteDraft;
  readonly number: number;
  readonly target: TargetDraft;
  readonly onChange: (target: TargetDraft) => void;
  readonly onRemove: () => void;
};

/** No instance has this id. */
const byAddress = 'address';

/** A target to add: which instance or address, on which port, with which weight. */
function TargetRow({ form, route, number, target, onChange, onRemove }: TargetRowProps) {
  const t = useTranslations('diversion.backend');
  const mark = useMarked();
  const { loadBalancerId, rule } = route;
  const source = useFieldOptions(form, { kind: 'instance', loadBalancerId, rule });
  const { estate } = form;
  const chosen = estate.instances.filter(({ id }) => id === target.instanceId);
  const region = findLoadBalancer(estate, loadBalancerId)?.region;
  const bound = listBoundTargets(estate, rule).map(targetName);
  const common = { port: target.port, weight: target.weight };
  return (
    <fieldset className="grid grid-cols-[minmax(0,1fr)_4.5rem_4rem_auto] items-center gap-2">
      <legend className="sr-only">{t('target', { number })}</legend>
      {target.eniIp === undefined ? (
        <Picker
          aria-label={t('instance')}
          size="sm"
          options={[
            ...mark(instanceOptions({ instances: chosen }, region, bound)),
            { value: byAddress, label: t('byAddress'), hint: t('byAddressHint'), isAlways: true },
          ]}
          source={source}
          value={target.instanceId}
          placeholder={t('instance')}
          onChange={(value) =>
            onChange({ ...common, ...(value === byAddress ? { eniIp: '' } : { instanceId: value }) })
          }
        />
      ) : (
        <Input
          aria-label={t('address')}
          size="sm"
          className="mono"
          placeholder="10.0.1.7"
          value={target.eniIp}
          onChange={(event) => onChange({ ...common, eniIp: event.target.value })}
        />
      )}
      <Input
        aria-label={t('port')}
        size="sm"
        inputMode="numeric"
        value={wholeText(target.port)}
        onChange={(event) => onChange({ ...target, port: wholeNumber(event.target.value) })}
      />
      <Input
        aria-label={t('weight')}
        size="sm"
        inputMode="numeric"
        value={wholeText(target.weight)}
        onChange={(event) => onChange({ ...target, weight: wholeNumber(event.target.value) })}
      />
      <IconButton size="sm" label={t('remove', { number })} icon={<X aria-hidden />} onClick={onRemove} />
    </fieldset>
  );
}

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
    form.changeRoute(index, (now) => (now.to === 'cvm' ? { ...now, addTargets: targets } : now));
  const add = () => form.choose({ kind: 'addTarget', index });
  const rows = addTargets.map((target, nth) => ({ number: nth + 1, target }));
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
      part="cvm"
      side="cvm"
      last
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
          {rows.map(({ number, target }) => (
            <TargetRow
              key={number}
              number={number}
              target={target}
              {...{ form, route }}
              onChange={(next) => change(rows.map((row) => (row.number === number ? next : row.target)))}
              onRemove={() => change(addTargets.filter((other) => other !== target))}
            />
          ))}
          {addTargets.length > 0 ? (
            <div>
              <Button size="sm" variant="ghost" icon={<Plus aria-hidden />} onClick={add}>
                {t('backend.addOne')}
              </Button>
            </div>
          ) : null}
        </>
      )}
    </RouteFieldFrame>
  );
}
