/** Rules that no test of this repository can hold, and why. */
export const excusedRules = new Map(Object.entries({}))
