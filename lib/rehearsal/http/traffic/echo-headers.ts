/** The header that names the function which has answered, and that with the time that its handler took, in ms. */
export const functionHeader = 'x-rehearsal-function';
export const handlerMsHeader = 'x-rehearsal-handler-ms';
