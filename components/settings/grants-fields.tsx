import { Plus, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, IconButton } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { type Grants, type Limits, noLimits, type RoleGrant } from '@/lib/policy/access';
import { roles } from '@/lib/policy/roles';

const kinds = ['domains', 'connections', 'regions'] as const;

const split = (text: string) => text.split(/[\s,]+/).filter((part) => part !== '');

type ErrorOf = (field: string) => string | undefined;

/** Returns the first error of a list of values: of the list, or of one of them. */
function listError(errorOf: ErrorOf, path: string, values: readonly string[] | null): string | undefined {
  return errorOf(path) ?? values?.map((_, index) => errorOf(`${path}.${index}`)).find((error) => error);
}

type LimitFieldsProps = {
  readonly limits: Limits;
  readonly onChange: (limits: Limits) => void;
  readonly errorOf: ErrorOf;
};

/** Limits as text: values separated by spaces; empty = all. */
export function LimitFields({ limits, onChange, errorOf }: LimitFieldsProps) {
  const t = useTranslations('accounts.limit');
  // As typed: a space at the end is the beginning of another value.
  const [typed, setTyped] = useState<Partial<Record<keyof Limits, string>>>({});
  return kinds.map((kind) => (
    <Field key={kind} label={t(kind)} note={t(`${kind}Note`)} error={listError(errorOf, kind, limits[kind])}>
      {(control) => (
        <Input
          {...control}
          value={typed[kind] ?? limits[kind]?.join(' ') ?? ''}
          placeholder={t('all')}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target: { value } }) => {
            setTyped((now) => ({ ...now, [kind]: value }));
            const values = split(value);
            onChange({ ...limits, [kind]: values.length === 0 ? null : values });
          }}
        />
      )}
    </Field>
  ));
}

type GrantsFieldsProps = {
  readonly grants: Grants;
  readonly onChange: (grants: Grants) => void;
  readonly errorOf: ErrorOf;
};

/** The roles of a person, each with its limits. */
export function GrantsFields({ grants, onChange, errorOf }: GrantsFieldsProps) {
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
                  options={roles.map((each) => ({ value: each, label: t(`role.${each}`) }))}
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
            onChange={(limits) => set(index, { ...grant, ...limits })}
            errorOf={(field) => errorOf(`grants.${index}.${field}`)}
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

/** A role with its limits, as text. */
export function GrantText({ grant }: { readonly grant: RoleGrant }) {
  const t = useTranslations('accounts');
  const limits = kinds.flatMap((kind) => grant[kind] ?? []);
  return (
    <span className="block break-words">
      {t(`role.${grant.role}`)}
      {limits.length === 0 ? null : <span className="text-ink-2"> · {limits.join(', ')}</span>}
    </span>
  );
}
