/** Our own limits: as many names as a person can review, and as many waves as a night has room for. */
export const waveNamesMax = 50;
export const wavesMax = 10;
