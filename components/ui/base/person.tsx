'use client';

import { useTranslations } from 'next-intl';
import { createContext, use } from 'react';

type Account = { readonly email: string; readonly name: string; readonly removedAt: string | null };

/** The accounts whose names the page shows, those that had one address in order. */
export const PeopleContext = createContext<readonly Account[]>([]);

type PersonProps = {
  /** As recorded: the address of an account, or a name where there is none. */
  readonly address: string;
  /** When they acted: it tells the accounts apart that had one address. */
  readonly at?: string | undefined;
};

/** A person by name and address, or once by what is recorded if no account with a name had that address then. */
export function Person({ address, at }: PersonProps) {
  const t = useTranslations('ui');
  const all = use(PeopleContext).filter(({ email }) => email === address);
  const then = all.find(({ removedAt }) => removedAt === null || at === undefined || at <= removedAt);
  const person = at === undefined && all.length > 1 ? undefined : then;
  const known = person?.removedAt ? t('removed', { address }) : address;
  if (!person?.name || person.name === address) return known;
  return (
    <>
      {person.name} <span className="font-normal text-ink-3">({known})</span>
    </>
  );
}
