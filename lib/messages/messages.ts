import bindings from './en/bindings.json';
import calendar from './en/calendar.json';
import diversion from './en/diversion.json';
import diversionCreate from './en/diversion-create.json';
import diversionError from './en/diversion-error.json';
import diversions from './en/diversions.json';
import diversionsActivity from './en/diversions-activity.json';
import drift from './en/drift.json';
import estate from './en/estate.json';
import estateDetail from './en/estate-detail.json';
import functions from './en/functions.json';
import history from './en/history.json';
import historyMoment from './en/history-moment.json';
import historyWho from './en/history-who.json';
import overview from './en/overview.json';
import palette from './en/palette.json';
import audit from './en/parts/audit.json';
import capacity from './en/parts/capacity.json';
import diversionBlocks from './en/parts/diversion-blocks.json';
import diversionChosen from './en/parts/diversion-chosen.json';
import diversionNames from './en/parts/diversion-names.json';
import diversionNotices from './en/parts/diversion-notices.json';
import diversionOpening from './en/parts/diversion-opening.json';
import diversionPanels from './en/parts/diversion-panels.json';
import diversionSwitch from './en/parts/diversion-switch.json';
import diversionTest from './en/parts/diversion-test.json';
import diversionsAttention from './en/parts/diversions-attention.json';
import diversionsChange from './en/parts/diversions-change.json';
import diversionsCommands from './en/parts/diversions-commands.json';
import diversionsPostMortem from './en/parts/diversions-post-mortem.json';
import diversionsRepeat from './en/parts/diversions-repeat.json';
import links from './en/parts/links.json';
import paletteDialog from './en/parts/palette-dialog.json';
import planAccess from './en/parts/plan-access.json';
import planActions from './en/parts/plan-actions.json';
import planApproval from './en/parts/plan-approval.json';
import planCost from './en/parts/plan-cost.json';
import planDetails from './en/parts/plan-details.json';
import planImport from './en/parts/plan-import.json';
import planPanels from './en/parts/plan-panels.json';
import planReadiness from './en/parts/plan-readiness.json';
import planRequests from './en/parts/plan-requests.json';
import planWave from './en/parts/plan-wave.json';
import rehearsal from './en/parts/rehearsal.json';
import runAside from './en/parts/run-aside.json';
import runConvergence from './en/parts/run-convergence.json';
import runNotices from './en/parts/run-notices.json';
import runProblem from './en/parts/run-problem.json';
import sandboxFunctions from './en/parts/sandbox-functions.json';
import session from './en/parts/session.json';
import shellIsolation from './en/parts/shell-isolation.json';
import shellMissing from './en/parts/shell-missing.json';
import switchBlocked from './en/parts/switch-blocked.json';
import switchEnabling from './en/parts/switch-enabling.json';
import switchHelp from './en/parts/switch-help.json';
import plan from './en/plan.json';
import planClock from './en/plan-clock.json';
import planFacts from './en/plan-facts.json';
import planList from './en/plan-list.json';
import planPhase from './en/plan-phase.json';
import planReview from './en/plan-review.json';
import planState from './en/plan-state.json';
import preflight from './en/preflight.json';
import preflightCheck from './en/preflight-check.json';
import run from './en/run.json';
import runCharts from './en/run-charts.json';
import runCommands from './en/run-commands.json';
import measure from './en/run-measure.json';
import runState from './en/run-state.json';
import runStopped from './en/run-stopped.json';
import sandbox from './en/sandbox.json';
import schedule from './en/schedule.json';
import accounts from './en/settings/accounts.json';
import alerts from './en/settings/alerts.json';
import approvalRules from './en/settings/approval-rules.json';
import connections from './en/settings/connections.json';
import safety from './en/settings/safety.json';
import scheduleFreezes from './en/settings/schedule-freezes.json';
import security from './en/settings/security.json';
import settingsFreezes from './en/settings/settings-freezes.json';
import settingsHealth from './en/settings/settings-health.json';
import tokens from './en/settings/tokens.json';
import vantage from './en/settings/vantage.json';
import settings from './en/settings.json';
import shell from './en/shell.json';
import shellNotice from './en/shell-notice.json';
import switches from './en/switch.json';
import switchError from './en/switch-error.json';
import ui from './en/ui.json';
import refusal from './en/ui-refusal.json';

/**
 * All visible text, one namespace for each part of the app. A namespace is in several files where its parts are loaded
 * apart: `plan-clock.json` has the parts of `plan` that only the dialogs of the clock need. The reasons of options are
 * not among them, because the server puts them into the options: `lib/draft/options/answer-options.ts`.
 */
export const messages = {
  accounts,
  links,
  alerts,
  approval: approvalRules,
  audit,
  shell: { ...shell, ...shellMissing, ...shellIsolation, ...shellNotice },
  ui: { ...ui, ...refusal },
  estate: { ...estate, ...estateDetail },
  bindings,
  calendar,
  capacity,
  connections,
  diversion: {
    ...diversion,
    ...diversionCreate,
    ...diversionError,
    ...diversionBlocks,
    ...diversionChosen,
    ...diversionNames,
    ...diversionNotices,
    ...diversionOpening,
    ...diversionPanels,
    ...diversionSwitch,
    ...diversionTest,
  },
  diversions: {
    ...diversions,
    ...diversionsActivity,
    ...diversionsAttention,
    ...diversionsChange,
    ...diversionsCommands,
    ...diversionsPostMortem,
    ...diversionsRepeat,
  },
  drift,
  functions,
  history: { ...history, ...historyMoment, ...historyWho },
  palette: { ...palette, ...paletteDialog },
  overview,
  plan: {
    ...plan,
    ...planAccess,
    ...planApproval,
    ...planActions,
    ...planClock,
    ...planCost,
    ...planDetails,
    ...planFacts,
    ...planImport,
    ...planList,
    ...planPanels,
    ...planPhase,
    ...planReadiness,
    ...planRequests,
    ...planReview,
    ...planState,
    ...planWave,
  },
  run: {
    ...run,
    ...runAside,
    ...runCharts,
    ...runCommands,
    ...runConvergence,
    ...runStopped,
    ...runNotices,
    ...runProblem,
    ...runState,
    measure,
  },
  rehearsal,
  preflight: { ...preflight, ...preflightCheck },
  safety,
  sandbox: { ...sandbox, ...sandboxFunctions },
  schedule: { ...schedule, ...scheduleFreezes },
  security,
  session,
  settings: { ...settings, ...settingsFreezes, ...settingsHealth },
  switch: { ...switches, ...switchBlocked, ...switchEnabling, ...switchError, ...switchHelp },
  tokens,
  vantage,
};

// Types the keys: a key without a text doesn't compile.
declare module 'next-intl' {
  interface AppConfig {
    Messages: typeof messages;
  }
}
