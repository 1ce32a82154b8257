import { Pencil, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { IconButton } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';

type CreatedNoteProps = {
  readonly name: string;
  readonly facts: readonly string[];
  readonly onEdit: () => void;
  readonly onRemove: () => void;
};

/** Shows that the plan creates the chosen resource, which can be changed or removed from the plan. */
export function CreatedNote({ name, facts, onEdit, onRemove }: CreatedNoteProps) {
  const t = useTranslations('diversion.created');
  return (
    <div className="flex min-w-0 items-center gap-2 text-12 text-ink-2">
      <Chip tone="plan">{t('word')}</Chip>
      <span className="min-w-0 truncate">{facts.join(', ')}</span>
      <span className="ml-auto flex max-md:hidden">
        <IconButton size="sm" label={t('edit', { name })} icon={<Pencil aria-hidden />} onClick={onEdit} />
        <IconButton size="sm" label={t('remove', { name })} icon={<X aria-hidden />} onClick={onRemove} />
      </span>
    </div>
  );
}
