import { err, ok, type Result } from '@/lib/result';

/** Faults that affect API calls, and those that last until they are cleared. */
export const callKinds = [
  'throttle',
  'internalError',
  'http502',
  'slow',
  'replyLost',
  'taskFails',
  'taskNeverEnds',
  'changesNothing',
  'resourceInOperating',
] as const;
const standingKinds = [
  'keyRejected',
  'instanceDown',
  'functionDown',
  'resolverIgnoresTtl',
  'owner',
  'foreignEdit',
] as const;
export const faultKinds = [...callKinds, ...standingKinds] as const;
/** The codes with which the sandbox can refuse a key. */
export const rejectionCodes = ['AuthFailure.SecretIdNotFound', 'AuthFailure.SignatureFailure'] as const;
/** The programs that can own an object of the sandbox. */
export const ownerNames = ['tke', 'protection', 'igtm', 'dMonitoring', 'terraform'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** A fault in the form: all values as typed. */
export type FaultDraft = {
  readonly kind: FaultKind;
  readonly action: string;
  readonly object: string;
  readonly often: 'count' | 'share';
  readonly count: string;
  /** Percent. */
  readonly share: string;
  readonly takesEffect: boolean;
  readonly ms: string;
  readonly message: string;
  /** UIN. */
  readonly account: string;
  readonly code: string;
  readonly instanceId: string;
  readonly function: string;
  readonly factor: string;
  /** Seconds from now. */
  readonly afterS: string;
  /** Another program, and the id or host name that it owns. */
  readonly owner: string;
  readonly owned: string;
  readonly service: string;
  readonly edit: string;
  readonly region: string;
  /** JSON. */
  readonly params: string;
};
export type FaultField = Exclude<keyof FaultDraft, 'kind' | 'often' | 'takesEffect'>;

export const emptyFault: FaultDraft = {
  kind: 'throttle',
  action: '*',
  object: '',
  often: 'count',
  count: '1',
  share: '10',
  takesEffect: false,
  ms: '5000',
  message: '',
  account: '',
  code: rejectionCodes[0],
  instanceId: '',
  function: '',
  factor: '10',
  afterS: '10',
  owner: ownerNames[0],
  owned: '',
  service: 'clb',
  edit: 'ModifyTargetWeight',
  region: 'ap-singapore',
  params: '{}',
};

/** Returns the fields of a kind, in the order of the form. */
export function listFaultFields({ kind, often }: Pick<FaultDraft, 'kind' | 'often'>): readonly FaultField[] {
  switch (kind) {
    case 'keyRejected':
      return ['account', 'code'];
    case 'instanceDown':
      return ['instanceId'];
    case 'functionDown':
      return ['function'];
    case 'resolverIgnoresTtl':
      return ['factor'];
    case 'owner':
      return ['owner', 'owned', 'afterS'];
    case 'foreignEdit':
      return ['afterS', 'service', 'edit', 'region', 'params'];
    default: {
      const own: readonly FaultField[] = kind === 'slow' ? ['ms'] : kind === 'taskFails' ? ['message'] : [];
      return ['action', 'object', often === 'count' ? 'count' : 'share', ...own];
    }
  }
}

/** Returns whether the call may take effect before it returns an error. */
export function mayTakeEffect(kind: FaultKind): boolean {
  return kind === 'internalError' || kind === 'http502';
}

/** Message keys of errors, by field. */
type FieldErrors = Partial<Record<FaultField, 'number' | 'missing' | 'json'>>;

function numberIn(text: string, min: number, max: number): number | null {
  const value = Number(text.trim());
  return text.trim() !== '' && Number.isFinite(value) && value >= min && value <= max ? value : null;
}

function jsonIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

const numbers: Partial<Record<FaultField, readonly [min: number, max: number]>> = {
  count: [1, 1_000_000],
  share: [0.01, 100],
  ms: [1, 600_000],
  factor: [1, 10_000],
  afterS: [0, 31_000_000],
};
const optional: ReadonlySet<FaultField> = new Set(['object', 'message', 'region']);

function getFaultErrors(draft: FaultDraft): FieldErrors {
  const errors: FieldErrors = {};
  for (const field of listFaultFields(draft)) {
    const text = draft[field];
    const bounds = numbers[field];
    if (bounds && numberIn(text, ...bounds) === null) errors[field] = 'number';
    else if (!bounds && !optional.has(field) && text.trim() === '') errors[field] = 'missing';
    if (field === 'params' && jsonIn(text) === null) errors.params = 'json';
  }
  return errors;
}

/**
 * Returns the fault for the sandbox's control API, or the field errors. The control API checks whether the names in it
 * exist.
 */
export function toFaultSpec(draft: FaultDraft): Result<Readonly<Record<string, unknown>>, FieldErrors> {
  const errors = getFaultErrors(draft);
  if (Object.keys(errors).length > 0) return err(errors);
  const { kind } = draft;
  switch (kind) {
    case 'keyRejected':
      return ok({ kind, account: draft.account.trim(), code: draft.code.trim() });
    case 'instanceDown':
      return ok({ kind, instanceId: draft.instanceId.trim() });
    case 'functionDown':
      return ok({ kind, function: draft.function.trim() });
    case 'resolverIgnoresTtl':
      return ok({ kind, factor: Number(draft.factor) });
    case 'owner': {
      const afterMs = Math.round(Number(draft.afterS) * 1000);
      return ok({ kind, owner: draft.owner.trim(), object: draft.owned.trim(), afterMs });
    }
    case 'foreignEdit': {
      const region = draft.region.trim();
      const call = { service: draft.service.trim(), action: draft.edit.trim(), params: jsonIn(draft.params) };
      return ok({
        kind,
        at: { afterMs: Math.round(Number(draft.afterS) * 1000) },
        call: region === '' ? call : { ...call, region },
      });
    }
    default: {
      const object = draft.object.trim();
      const message = draft.message.trim();
      return ok({
        kind,
        action: draft.action.trim(),
        ...(object === '' ? {} : { object }),
        ...(draft.often === 'count'
          ? { count: Math.round(Number(draft.count)) }
          : { probability: Number(draft.share) / 100 }),
        ...(mayTakeEffect(kind) ? { takesEffect: draft.takesEffect } : {}),
        ...(kind === 'slow' ? { ms: Math.round(Number(draft.ms)) } : {}),
        ...(kind === 'taskFails' && message !== '' ? { message } : {}),
      });
    }
  }
}
