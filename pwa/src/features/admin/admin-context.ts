import { createContext, useContext } from 'react'
import type { AdminApi } from './admin-api.ts'
import type { AdminPlace } from './admin-place.ts'

export interface AdminTools {
  readonly api: AdminApi
  readonly go: (to: AdminPlace) => void
  /** The session is over: the person is to sign in again. */
  readonly signIn: () => void
  /** The admin's own account. */
  readonly me: string
}

export const AdminContext = createContext<AdminTools | null>(null)

export const useAdmin = (): AdminTools => {
  const tools = useContext(AdminContext)
  if (tools === null) throw new Error('outside of administration')
  return tools
}
