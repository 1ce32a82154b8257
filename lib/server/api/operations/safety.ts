import 'server-only';
import { PreviewInput, previewSafetyRule } from '@/lib/server/plans/preview-safety-rule';
import {
  addSafetyRule,
  changeSafetyRule,
  removeSafetyRule,
  setSafetyGate,
} from '@/lib/server/safety/change-safety-rules';
import { listSafetyRules } from '@/lib/server/safety/list-safety-rules';
import type { Operation } from './operation';

const exampleRule = {
  kind: 'assertion',
  name: 'The shop answers',
  isEnabled: true,
  match: { connectionIds: [], regions: [], domains: ['shop.example.co.id'] },
  sides: 'either',
  over: 'eachDomain',
  requirement: { kind: 'atLeast', count: 1 },
};

/** Safety rules and their gates. */
export const safetyOperations = [
  {
    name: 'safetyRule.list',
    method: 'GET',
    path: '/safety-rules',
    summary: 'Returns the safety rules, with the states of their gates',
    run: listSafetyRules,
  },
  {
    name: 'safetyRule.preview',
    method: 'POST',
    path: '/safety-rules/preview',
    summary: 'Returns the current diversions that a rule would refuse, and stores nothing',
    run: previewSafetyRule,
    input: PreviewInput,
    example: { id: null, rule: exampleRule },
  },
  {
    name: 'safetyRule.add',
    method: 'POST',
    path: '/safety-rules',
    summary: 'Adds a safety rule',
    run: addSafetyRule,
    example: { rule: exampleRule },
  },
  {
    name: 'safetyRule.change',
    method: 'PUT',
    path: '/safety-rules/{id}',
    summary: 'Changes a safety rule, or enables or disables it',
    run: changeSafetyRule,
    example: { rule: exampleRule },
  },
  {
    name: 'safetyRule.remove',
    method: 'DELETE',
    path: '/safety-rules/{id}',
    summary: 'Removes a safety rule',
    run: removeSafetyRule,
  },
  {
    name: 'safetyGate.set',
    method: 'PUT',
    path: '/safety-rules/{id}/gate',
    summary: 'Switches the gate of a gating rule on or off',
    run: setSafetyGate,
    example: { isOn: true, reason: 'The release is approved.' },
  },
] as const satisfies readonly Operation[];
