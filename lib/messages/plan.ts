import plan from './en/plan.json';
import apply from './en/plan-apply.json';
import approval from './en/plan-approval.json';
import importing from './en/plan-import.json';
import steps from './en/plan-steps.json';

/** All text of plans. Pages that show only a part of it, such as the steps, take that file. */
export const planTexts = { ...plan, ...steps, apply, approval, import: importing };
