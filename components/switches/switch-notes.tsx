import { CircleX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { FindingText } from '@/components/findings/finding-text';
import type { SwitchView } from '@/lib/contract/switch';
import type { SwitchSide } from '@/lib/diversion/switch';
import { useAnyKey } from '@/lib/messages/use-any-key';
import type { Finding } from '@/lib/preflight/model/model';

type SwitchNotesProps = { readonly view: SwitchView; readonly toward: SwitchSide };

/** The reasons why the switch control is disabled, each with its rule. */
export function SwitchNotes({ view, toward }: SwitchNotesProps) {
  const t = useTranslations('switch');
  const blocks = view.previews?.[toward].blocks ?? [];
  if (view.sides !== null && blocks.length === 0) return null;
  return (
    <ul className="grid gap-1 border-t border-line px-4 py-2.5 text-12 text-bad-ink">
      {view.sides === null ? (
        <Note>
          {view.estateTakenAt === null ? t('neverRead', { connection: view.connectionName }) : t('gone')}
        </Note>
      ) : null}
      {blocks.map((finding) => (
        <Note key={`${finding.check} ${finding.why} ${finding.objects.join()}`}>
          <BlockText finding={finding} />
        </Note>
      ))}
    </ul>
  );
}

function Note({ children }: { readonly children: React.ReactNode }) {
  return (
    <li className="flex gap-1.5">
      <CircleX aria-hidden className="mt-px size-3.5 shrink-0 text-bad" />
      <span>{children}</span>
    </li>
  );
}

type BlockTextProps = { readonly finding: Finding };

/** A finding that blocks, with what would fix it. */
function BlockText({ finding }: BlockTextProps) {
  const fixes = useAnyKey('preflight.fix');
  return (
    <>
      <FindingText finding={finding} />{' '}
      {finding.fix ? (
        <span className="text-ink-2">{fixes(finding.fix.label, finding.fix.values)}</span>
      ) : null}
    </>
  );
}
