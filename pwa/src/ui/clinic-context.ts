import { createContext, useContext } from 'react'
import { type ClinicView, unknownClinic } from '../base/clinic.ts'

export const ClinicContext = createContext<ClinicView>(unknownClinic)

/** How the clinic presents itself, for whatever is on the screen. */
export const useClinic = (): ClinicView => useContext(ClinicContext)
