/** The files of this build, kept on the device. */
import { PrecacheController } from 'workbox-precaching'

export const buildFiles = new PrecacheController()
