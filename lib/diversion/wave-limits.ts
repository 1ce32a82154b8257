/** Our own limits: as many names as a person can review, and as many waves as a night has room for. */
export const waveNamesMax = 50;
export const wavesMax = 10;
/** Names times steps of the ramp: each has two writes or more on every DNS line, and plans are made while people wait. */
export const movesMax = 400;
