import { type EarlyRead, readEarly } from '../storage/early-read.ts'

/** Asked for as this is loaded: the disk is read while the rest of the first scripts runs. */
export const early: Promise<EarlyRead> = readEarly()
