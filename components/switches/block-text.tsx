'use client';

import { FindingText } from '@/components/findings/finding-text';
import { AddMessages } from '@/components/ui/base/add-messages';
import plan from '@/lib/messages/en/plan.json';
import preflight from '@/lib/messages/en/preflight.json';
import check from '@/lib/messages/en/preflight-check.json';
import { useAnyKey } from '@/lib/messages/use-any-key';
import type { Finding } from '@/lib/preflight/model/model';

const texts = { plan, preflight: { ...preflight, ...check } };

type BlockTextProps = { readonly finding: Finding };

/** A finding that blocks, with what would fix it. */
export function BlockText(props: BlockTextProps) {
  return (
    <AddMessages texts={texts}>
      <Text {...props} />
    </AddMessages>
  );
}

function Text({ finding }: BlockTextProps) {
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
