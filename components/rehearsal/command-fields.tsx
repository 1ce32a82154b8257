import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button, IconButton } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { rehearsalCommandKinds, rehearsalCommandsMax } from '@/lib/rehearsal/input';
import type { CommandDraft } from './command-draft';

type CommandFieldsProps = {
  readonly commands: readonly CommandDraft[];
  readonly onChange: (commands: readonly CommandDraft[]) => void;
  /** Returns the error of the command at an index, with the minutes that are shown. */
  readonly errorOf: (index: number, value: unknown) => string | undefined;
};

/** The commands of operators in a rehearsal, one line each. */
export function CommandFields({ commands, onChange, errorOf }: CommandFieldsProps) {
  const t = useTranslations('rehearsal.commands');
  const next: CommandDraft = {
    key: Math.max(0, ...commands.map(({ key }) => key)) + 1,
    kind: 'rollback',
    minutes: '5',
  };
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-12 font-medium text-ink-2">{t('title')}</legend>
      {commands.map((command, index) => (
        <CommandRow
          key={command.key}
          command={command}
          position={index + 1}
          error={errorOf(index, command.minutes)}
          onChange={(part) =>
            onChange(commands.map((each) => (each === command ? { ...each, ...part } : each)))
          }
          onRemove={() => onChange(commands.filter((each) => each !== command))}
        />
      ))}
      {commands.length >= rehearsalCommandsMax ? null : (
        <div>
          <Button size="sm" icon={<Plus aria-hidden />} onClick={() => onChange([...commands, next])}>
            {t('add')}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

type CommandRowProps = {
  readonly command: CommandDraft;
  /** Counted from 1. */
  readonly position: number;
  readonly error: string | undefined;
  readonly onChange: (part: Partial<CommandDraft>) => void;
  readonly onRemove: () => void;
};

function CommandRow({ command, position, error, onChange, onRemove }: CommandRowProps) {
  const t = useTranslations('rehearsal.commands');
  return (
    <div className="grid gap-1">
      <div className="grid grid-cols-[minmax(0,1fr)_2rem] items-center gap-2 md:grid-cols-[minmax(0,1fr)_10rem_2rem]">
        <Select
          className="max-md:col-span-2"
          aria-label={t('kindLabel', { position })}
          value={command.kind}
          onChange={(kind) => onChange({ kind })}
          options={rehearsalCommandKinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
        />
        <Input
          {...(error === undefined ? {} : { 'aria-invalid': true as const })}
          aria-label={t('minutesLabel', { position })}
          inputMode="decimal"
          unit={t('unit')}
          value={command.minutes}
          onChange={({ target }) => onChange({ minutes: target.value })}
        />
        <IconButton label={t('remove', { position })} icon={<X aria-hidden />} onClick={onRemove} />
      </div>
      {error === undefined ? null : <p className="text-12 text-bad-ink">{error}</p>}
    </div>
  );
}
