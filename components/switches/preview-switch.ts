import { type FieldFinding, shownFindings } from '@/components/diversion/field-findings';
import { fieldErrors, withStandIns } from '@/components/diversion/preview';
import { asDiversion, missingFields, type SplitDraft } from '@/components/diversion/split-draft';
import type { SplitField } from '@/lib/diversion/split';
import { SwitchDiversion } from '@/lib/diversion/switch';
import type { Estate } from '@/lib/estate/model';
import { preflight } from '@/lib/preflight/preflight';

export type SwitchPreview = {
  readonly findings: readonly FieldFinding[];
  /** Message keys by field path. */
  readonly errors: Readonly<Record<string, readonly string[]>>;
  readonly missing: readonly SplitField[];
  /** null until all of it is chosen, and right. */
  readonly diversion: SwitchDiversion | null;
};

/** Checks a Switch while it is put together: two lanes with the one domain of the first. */
export function previewSwitch(estate: Estate, lanes: SplitDraft): SwitchPreview {
  const { domain } = lanes.laneA;
  const draft: SplitDraft = { ...lanes, name: domain, laneB: { ...lanes.laneB, domain } };
  const { laneA, laneB, name } = asDiversion(draft);
  const diversion: SwitchDiversion = {
    ...{ kind: 'switch', name, laneA, laneB, toward: 'function' },
    ramp: [{ percent: 100, bakeS: 0 }],
  };
  const parsed = SwitchDiversion.safeParse(diversion);
  return {
    findings: shownFindings(draft, preflight({ estate: withStandIns(estate, draft), diversion })),
    errors: parsed.success ? {} : fieldErrors(draft, parsed.error.issues),
    missing: missingFields(draft).filter((field) => field !== 'name' && field !== 'laneB.domain'),
    diversion: parsed.success ? parsed.data : null,
  };
}
