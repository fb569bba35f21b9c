export const TELLING = {};
