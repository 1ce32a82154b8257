import { Plus, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { FieldErrorOf } from '@/components/shell/use-action';
import { Button, IconButton } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { CheckboxGroup } from '@/components/ui/forms/checkbox-group';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import type { ConnectionChoice } from '@/lib/contract/connection';
import { findListError, splitList } from '@/lib/input/list-text';
import { type Grants, type Limits, noLimits, type RoleGrant } from '@/lib/policy/access';
import { type Role, roles } from '@/lib/policy/roles';
import { useConnectionName, useConnectionOptions } from './connections/connection-options';

/** An agent is a program: only tokens are offered its role. */
const offered: readonly Role[] = roles;

const typedKinds = ['domains', 'regions'] as const;

const orNull = <T,>(values: readonly T[]) => (values.length === 0 ? null : values);

type LimitFieldsProps = {
  readonly limits: Limits;
  readonly connections: readonly ConnectionChoice[];
  readonly onChange: (limits: Limits) => void;
  readonly errorOf: FieldErrorOf;
};

/** Limits: typed domains and regions, and chosen accounts. Nothing = all. */
export function LimitFields({ limits, connections, onChange, errorOf }: LimitFieldsProps) {
  const t = useTranslations('accounts.limit');
  const chosen = limits.connections ?? [];
  const options = useConnectionOptions(connections, chosen);
  // As typed: a space at the end is the beginning of another value.
  const [typed, setTyped] = useState<Partial<Record<keyof Limits, string>>>({});
  const errorIn = (kind: keyof Limits) =>
    findListError(errorOf, kind, limits[kind], limits[kind]?.length ?? 0);
  const fields = typedKinds.map((kind) => (
    <Field key={kind} label={t(kind)} note={t(`${kind}Note`)} error={errorIn(kind)}>
      {(control) => (
        <Input
          {...control}
          value={typed[kind] ?? limits[kind]?.join(' ') ?? ''}
          placeholder={t('all')}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target: { value } }) => {
            setTyped((now) => ({ ...now, [kind]: value }));
            onChange({ ...limits, [kind]: orNull(splitList(value)) });
          }}
        />
      )}
    </Field>
  ));
  return (
    <>
      {fields}
      {options.length === 0 ? null : (
        <CheckboxGroup
          label={t('connections')}
          options={options}
          chosen={chosen}
          onChange={(ids) => onChange({ ...limits, connections: orNull(ids) })}
          note={t('connectionsNote')}
          error={errorIn('connections')}
        />
      )}
    </>
  );
}

type GrantsFieldsProps = {
  readonly grants: Grants;
  readonly connections: readonly ConnectionChoice[];
  readonly onChange: (grants: Grants) => void;
  readonly errorOf: FieldErrorOf;
};

/** The roles of a person, each with its limits. */
export function GrantsFields({ grants, connections, onChange, errorOf }: GrantsFieldsProps) {
  const t = useTranslations('accounts');
  // A removal renumbers the roles: their fields start again, and show nothing typed for another role.
  const [removals, setRemovals] = useState(0);
  const set = (index: number, grant: RoleGrant) =>
    onChange(grants.map((each, at) => (at === index ? grant : each)));
  return (
    <div className="grid gap-4">
      {grants.map((grant, index) => (
        <fieldset
          // biome-ignore lint/suspicious/noArrayIndexKey: grants have no other identity, and keep their order.
          key={`${removals} ${index}`}
          className="grid grid-cols-[minmax(0,1fr)] gap-3 border-line border-l-2 pl-3"
        >
          <legend className="sr-only">{t('grantNumber', { number: index + 1 })}</legend>
          <div className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-2">
            <Field label={t('roleLabel')} note={t(`may.${grant.role}`)}>
              {(control) => (
                <Select
                  {...control}
                  value={grant.role}
                  options={offered.map((each) => ({ value: each, label: t(`role.${each}`) }))}
                  onChange={(role) => set(index, { ...grant, role })}
                />
              )}
            </Field>
            {grants.length > 1 ? (
              <IconButton
                className="mt-5"
                label={t('removeGrant', { number: index + 1 })}
                icon={<Trash2 aria-hidden />}
                onClick={() => {
                  setRemovals(removals + 1);
                  onChange(grants.filter((_, at) => at !== index));
                }}
              />
            ) : null}
          </div>
          <LimitFields
            limits={grant}
            connections={connections}
            onChange={(limits) => set(index, { ...grant, ...limits })}
            errorOf={(field, value) => errorOf(`grants.${index}.${field}`, value)}
          />
        </fieldset>
      ))}
      <div>
        <Button
          size="sm"
          icon={<Plus aria-hidden />}
          onClick={() => onChange([...grants, { role: 'viewer', ...noLimits }])}
        >
          {t('addGrant')}
        </Button>
      </div>
    </div>
  );
}

type GrantTextProps = {
  readonly grant: Limits & { readonly role: Role };
  readonly connections: readonly ConnectionChoice[];
};

/** A role with its limits, as text. */
export function GrantText({
  grant: { role, domains, connections: ids, regions },
  connections,
}: GrantTextProps) {
  const t = useTranslations('accounts');
  const accountName = useConnectionName(connections);
  const limits = [...(domains ?? []), ...(ids ?? []).map(accountName), ...(regions ?? [])];
  return (
    <span className="block break-words">
      {t(`role.${role}`)}
      {limits.length === 0 ? null : <span className="text-ink-2"> · {limits.join(', ')}</span>}
    </span>
  );
}
