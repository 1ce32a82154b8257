import run from './en/run.json';
import measure from './en/run-measure.json';
import state from './en/run-state.json';

/** All text of runs. Pages that show only the states of runs take that file. */
export const runTexts = { ...run, ...state, measure };
