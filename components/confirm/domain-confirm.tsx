import { useTranslations } from 'next-intl';
import { TextField } from '@/components/ui/forms/text-field';
import { formatNames } from '@/lib/diversion/format-names';

type DomainConfirmProps = {
  /** All names with moved traffic, as returned by `listMovedNames`. */
  readonly names: readonly string[];
  readonly typed: string;
  readonly onType: (text: string) => void;
  /** The server's rejection of it. */
  readonly error: string | undefined;
};

/** Normalizes the typed text as domains are compared. */
export function asDomain(typed: string): string {
  return typed.trim().toLowerCase();
}

/**
 * On a real account, the operator must type the domain to move. If several move, all are listed, and the text to type
 * contains the first one and the number of others.
 */
export function DomainConfirm({ names, typed, onType, error }: DomainConfirmProps) {
  const t = useTranslations('shell.confirm');
  return (
    <div className="grid gap-2">
      {names.length < 2 ? null : (
        <div className="grid gap-1 text-12">
          <p className="text-ink-2">{t('moves', { count: names.length })}</p>
          <ul className="max-h-32 overflow-y-auto rounded-sm border border-line px-2.5 py-1.5 wrap-anywhere">
            {names.map((name) => (
              <li key={name}>{name}</li>
            ))}
          </ul>
        </div>
      )}
      <TextField
        label={t('typeDomain', { domain: formatNames(names) })}
        note={t('real')}
        error={error}
        value={typed}
        onType={onType}
      />
    </div>
  );
}
