import { Search } from 'lucide-react';
import Form from 'next/form';
import { useTranslations } from 'next-intl';
import { Button, ButtonLink } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { Field } from '@/components/ui/field';
import { controlLook, controlSizes, Input } from '@/components/ui/input';
import { auditOutcomes } from '@/lib/audit/audit-entry';
import type { AuditListView } from '@/lib/contract/audit';
import { routes } from '@/lib/routes';

/** The filter of the audit log. It is in the address, so a filtered page can be shared. */
export function AuditFilters({ filter, actors, operations }: AuditListView) {
  const t = useTranslations('audit');
  return (
    <Form
      action={routes.audit()}
      className="grid items-end gap-3 px-4 py-3 lg:grid-cols-[repeat(3,minmax(0,1fr))] xl:grid-cols-[repeat(6,minmax(0,1fr))_auto]"
    >
      <Field label={t('actor')}>
        {(control) => (
          <Input {...control} name="actor" list="audit-actors" defaultValue={filter.actor ?? ''} />
        )}
      </Field>
      <Field label={t('operation')}>
        {(control) => (
          <Input
            {...control}
            name="operation"
            list="audit-operations"
            placeholder="plan.apply"
            defaultValue={filter.operation ?? ''}
          />
        )}
      </Field>
      <Field label={t('outcome')}>
        {(control) => (
          <select
            {...control}
            name="outcome"
            defaultValue={filter.outcome ?? ''}
            className={classes(controlLook, controlSizes.md)}
          >
            <option value="">{t('anyOutcome')}</option>
            {auditOutcomes.map((outcome) => (
              <option key={outcome} value={outcome}>
                {t(`outcomes.${outcome}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t('object')}>
        {(control) => (
          <Input {...control} name="object" placeholder="P-0001" defaultValue={filter.object ?? ''} />
        )}
      </Field>
      <Field label={t('from')}>
        {(control) => <Input {...control} type="date" name="from" defaultValue={filter.from ?? ''} />}
      </Field>
      <Field label={t('until')}>
        {(control) => <Input {...control} type="date" name="until" defaultValue={filter.until ?? ''} />}
      </Field>
      <div className="flex gap-2">
        <Button type="submit" icon={<Search aria-hidden />}>
          {t('apply')}
        </Button>
        {Object.values(filter).some((value) => value !== undefined) ? (
          <ButtonLink href={routes.audit()} variant="ghost">
            {t('clear')}
          </ButtonLink>
        ) : null}
      </div>
      <datalist id="audit-actors">
        {actors.map((actor) => (
          <option key={actor} value={actor} />
        ))}
      </datalist>
      <datalist id="audit-operations">
        {operations.map((operation) => (
          <option key={operation} value={operation} />
        ))}
      </datalist>
    </Form>
  );
}
