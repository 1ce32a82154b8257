import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { findNeed, isInstallationWide } from '@/lib/policy/roles';
import { type VerbName, verbNames } from '@/lib/policy/verbs';

/*
 * Each verb that needs more than to be signed in, with the file below `components` that offers it and asks before whether the
 * person may use it. A verb without an entry fails.
 */

const editor = 'The page of the editor needs the right to operate: app/diversions/new/page.tsx.';
const newSwitch = 'The page needs the right to operate: app/failover/new/page.tsx.';
const settingsPage = 'The panel is shown only to those who may: app/settings/page.tsx.';
const ownAlert = 'Each alert says whether its reader may: markOwnAlerts of limit-alerts.ts.';
const ownLink = 'The page belongs to a link for one alert, whose rights the verb checks.';

const offers: Readonly<Partial<Record<VerbName, string | { readonly unasked: string }>>> = {
  'alert.acknowledge': { unasked: ownAlert },
  'alert.reopen': { unasked: ownAlert },
  'alertChannel.add': 'settings/alerts-panel.tsx',
  'alertChannel.change': 'settings/alerts-panel.tsx',
  'alertChannel.remove': 'settings/alerts-panel.tsx',
  'alertChannel.test': 'settings/alerts-panel.tsx',
  'alertLink.use': { unasked: ownLink },
  'approval.cancelRequest': 'plan/review/requests-panel.tsx',
  'approval.comment': 'plan/review/requests-panel.tsx',
  'approval.decline': 'plan/review/requests-panel.tsx',
  'approval.request': 'plan/review/requests-panel.tsx',
  'approval.withdraw': 'plan/review/approval-form.tsx',
  'approvalPolicy.set': 'settings/approval-rules-panel.tsx',
  'calendarFeed.create': 'settings/calendar-panel.tsx',
  'calendarFeed.revoke': 'settings/calendar-panel.tsx',
  'changeFreeze.add': 'settings/freezes-panel.tsx',
  'changeFreeze.remove': 'settings/freezes-panel.tsx',
  'checklist.noteRoute': 'overview/note-route.tsx',
  'checklist.show': 'overview/checklist-panel.tsx',
  'connection.add': { unasked: settingsPage },
  'connection.change': { unasked: settingsPage },
  'connection.remove': { unasked: settingsPage },
  'connection.rotateKeys': { unasked: settingsPage },
  'connection.test': { unasked: settingsPage },
  'diversion.discard': 'diversions/diversion-commands.tsx',
  'diversion.duplicate': 'diversions/diversion-commands.tsx',
  'diversion.restore': 'diversions/diversion-commands.tsx',
  'diversion.saveDraft': { unasked: editor },
  'drift.accept': 'drift/drift-item.tsx',
  'drift.restore': 'drift/plan-drift.tsx',
  'emergencyStop.clear': 'shell/stop-button.tsx',
  'emergencyStop.set': 'shell/stop-button.tsx',
  'estate.sync': 'estate/estate-screen.tsx',
  'function.delete': 'functions/function-page.tsx',
  'function.deleteAlias': 'functions/aliases-panel.tsx',
  'function.deleteVersion': 'functions/versions-tab.tsx',
  'function.deploy': 'functions/code-tab.tsx',
  'function.publish': 'functions/versions-tab.tsx',
  'function.setAlias': 'functions/aliases-panel.tsx',
  'function.setProvisioned': 'functions/versions-tab.tsx',
  'function.test': 'functions/test-tab.tsx',
  'plan.apply': 'plan/clock/apply-plan.tsx',
  'plan.approve': 'plan/review/approval-form.tsx',
  'plan.breakGlass': 'plan/review/requests-panel.tsx',
  'plan.create': { unasked: editor },
  'plan.fix': 'plan/review/finding-fixes.tsx',
  'plan.import': 'plan/review/import-plan.tsx',
  'policy.set': 'settings/policy-panel.tsx',
  'probe.report': { unasked: 'Only agents report, by the API.' },
  'recurrence.set': 'diversions/recurrence-panel.tsx',
  'recurrence.stop': 'diversions/recurrence-panel.tsx',
  'rehearsal.cancel': 'rehearsal/rehearsal-screen.tsx',
  'rehearsal.start': 'rehearsal/rehearsals-panel.tsx',
  'run.cancelSchedule': 'diversions/diversion-commands.tsx',
  'run.command': 'run/commands/use-run-commands.ts',
  'run.replan': 'run/commands/use-run-commands.ts',
  'run.reschedule': 'plan/clock/apply-plan.tsx',
  'safetyGate.set': 'settings/safety/safety-panel.tsx',
  'safetyRule.add': 'settings/safety/safety-panel.tsx',
  'safetyRule.change': 'settings/safety/safety-panel.tsx',
  'safetyRule.remove': 'settings/safety/safety-panel.tsx',
  'vantagePoint.add': 'settings/vantage/vantage-panel.tsx',
  'vantagePoint.remove': 'settings/vantage/vantage-panel.tsx',
  'sandbox.command': 'sandbox/sandbox-screen.tsx',
  'sandbox.import': 'sandbox/sandbox-data-panel.tsx',
  'signInPolicy.set': { unasked: settingsPage },
  'switch.add': { unasked: newSwitch },
  'switch.disableFailover': 'switches/failover-line.tsx',
  'switch.enableFailover': 'switches/failover-line.tsx',
  'switch.move': 'switches/switch-row.tsx',
  'switch.remove': 'switches/switch-foot.tsx',
  'user.endSessions': { unasked: settingsPage },
  'user.invite': { unasked: settingsPage },
  'user.remove': { unasked: settingsPage },
  'user.resetSecondFactor': { unasked: settingsPage },
  'user.setGrants': { unasked: settingsPage },
};

const restricted = verbNames.filter((verb) => !['public', 'read'].includes(findNeed(verb)));

it.each(restricted)('%s is offered only to those who may use it', (verb) => {
  const offer = offers[verb];
  expect(offer, `add ${verb} to testing/offered-verbs.test.ts`).toBeDefined();
  if (typeof offer !== 'string') return;
  const need = findNeed(verb);
  // To configure and to read the audit log needs a role without limits anyway.
  const extent = isInstallationWide(verb) && need !== 'configure' && need !== 'audit' ? ", 'everywhere'" : '';
  const source = readFileSync(`components/${offer}`, 'utf8');
  expect(source, `components/${offer} asks for ${need}`).toContain(`useMay('${need}'${extent}`);
});

it.each(['diversions/[diversionId]'])(
  'the page %s offers what a person may do with its diversion',
  (page) => {
    expect(readFileSync(`app/${page}/page.tsx`, 'utf8')).toContain(
      '<RightsOn footprint={diversion.footprint}>',
    );
  },
);
