/** What people may keep on the server, over all months and all chats, in bytes. */
export interface Quotas {
  /** What one patient writes. */
  readonly patientBytes: number
  /** What one doctor writes. */
  readonly doctorBytes: number
  /** What all members of one chat write in it: every device of theirs keeps it. */
  readonly chatBytes: number
  /** Files that one patient brought and has not let go. */
  readonly patientFileBytes: number
  /** The same of a doctor. */
  readonly doctorFileBytes: number
}

const MiB = 1024 * 1024

export const DEFAULT_QUOTAS: Quotas = {
  patientBytes: 64 * MiB,
  doctorBytes: 2048 * MiB,
  chatBytes: 128 * MiB,
  patientFileBytes: 2048 * MiB,
  doctorFileBytes: 20_480 * MiB,
}
