/** The number that a patient finds on every screen; a deployment sets its own at build time. */
export const EMERGENCY_NUMBER: string = import.meta.env.VITE_EMERGENCY_NUMBER ?? '112'
