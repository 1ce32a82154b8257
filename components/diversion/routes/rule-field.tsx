import { useTranslations } from 'next-intl';
import { CertificateInput } from '@/components/diversion/create/certificate-input';
import { useOptions } from '@/components/diversion/draft/use-options';
import { Input } from '@/components/ui/input';
import { Picker } from '@/components/ui/pickers/picker';
import type { RuleDraft } from '@/lib/draft/draft';
import { editRoute, setPath } from '@/lib/draft/edit-routes';
import type { FieldFinding } from '@/lib/draft/field-findings';
import { findChosen } from '@/lib/draft/options/find-chosen';
import { swapValue, wantsCertificate } from '@/lib/draft/rule-draft';
import { Swapped } from './chosen-parts';
import { RouteFieldFrame } from './route-field';
import type { RouteProps } from './route-form';

const newRule = 'new';

/** The rule that receives the domain's requests: an existing one of the listener, or a new one with its path. */
export function RuleField({ form, index, route }: RouteProps) {
  const t = useTranslations('diversion');
  const { rule, domain, listenerId } = route;
  const url = rule.kind === 'new' ? rule.url : '/';
  const field = `routes.${index}.rule` as const;
  const value = listenerId === '' ? '' : rule.kind === 'new' ? newRule : rule.ruleId;
  const { to } = route;
  const source = useOptions(form.place, form.draft, { kind: 'rule', listenerId, domain, to, rule });
  const options = [
    ...findChosen(form.chosen, 'rule', { index, value }),
    { value: newRule, label: t('newRule'), hint: t('newRuleHint', { domain, url }), isAlways: true },
  ];
  const choose = (next: RuleDraft) => form.choose({ kind: 'rule', index, rule: next });
  const edit = (next: RuleDraft) =>
    form.edit((draft) => editRoute(draft, index, (now) => ({ ...now, rule: next })));
  // A Switch moves between two rules by DNS, so there is nothing to swap in place.
  const canSwap = route.to === 'function' && form.draft.kind !== 'switch' && rule.kind === 'existing';
  const listFixes = ({ why }: FieldFinding) =>
    canSwap && why === 'rule-free.hasTargets'
      ? [{ label: t('swap'), onPress: () => form.fix({ field, value: swapValue(rule.ruleId) }) }]
      : [];
  return (
    <RouteFieldFrame
      field={field}
      label={t('field.rule')}
      onFix={form.fix}
      actionsOf={listFixes}
      {...form.stateOf(field)}
    >
      {(control) => (
        <>
          <Picker
            {...control}
            options={options}
            source={source}
            value={value}
            onChange={(next) =>
              choose(
                next === newRule
                  ? { kind: 'new', url: '/', certificateId: null }
                  : { kind: 'existing', ruleId: next },
              )
            }
            placeholder={t('choose.ruleFirst')}
            disabled={listenerId === ''}
          />
          {listenerId !== '' && rule.kind === 'new' ? (
            <div className="flex items-center gap-2">
              <label htmlFor={`${control.id}-path`} className="shrink-0 text-12 text-ink-2">
                {t('field.path')}
              </label>
              <Input
                id={`${control.id}-path`}
                aria-invalid={control['aria-invalid']}
                value={rule.url}
                onChange={({ target }) => form.edit((draft) => setPath(draft, index, target.value))}
                className="flex-1"
              />
            </div>
          ) : null}
          {rule.kind === 'new' && wantsCertificate(form.estate, listenerId, domain) ? (
            <div className="grid gap-1">
              <label htmlFor={`${control.id}-certificate`} className="text-12 text-ink-2">
                {t('ruleCertificate', { domain })}
              </label>
              <CertificateInput
                id={`${control.id}-certificate`}
                {...(control['aria-invalid'] ? { 'aria-invalid': true } : {})}
                form={form}
                domain={domain}
                value={rule.certificateId ?? ''}
                onChange={(id) => edit({ ...rule, certificateId: id === '' ? null : id })}
              />
            </div>
          ) : null}
          {rule.kind === 'swap' ? (
            <Swapped onUndo={() => choose({ kind: 'existing', ruleId: rule.ruleId })} />
          ) : null}
        </>
      )}
    </RouteFieldFrame>
  );
}
