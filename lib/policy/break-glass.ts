/** The shortest reason for applying a plan without approvals: people read it when they ask what happened. */
export const breakGlassReasonMin = 10;
