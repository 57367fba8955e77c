/** Said of a file whose bytes the server has lost: what it needs is a device, and time. */
export const damagedText =
  'Damaged on the server. It comes back when a device that has it connects.'
