import { type ComponentType, createContext, useContext } from 'react'
import type { AdminApi } from './admin-api.ts'
import type { AdminPlace } from './admin-place.ts'

interface CodeToReadOut {
  readonly code: string
  /** ms. */
  readonly expiresAt: number
}

/** Shows a link to be scanned, copied, printed, or read out as a code. */
export type LinkView = ComponentType<{
  name: string
  link: { kind: 'invitation' | 'reset'; url: string; expiresAt: number; mailed: boolean }
  getCode: () => Promise<
    { ok: true; value: CodeToReadOut } | { ok: false; code: string; message: string }
  >
}>

export interface AdminTools {
  readonly api: AdminApi
  readonly go: (to: AdminPlace) => void
  /** The session is over: the person is to sign in again. */
  readonly signIn: () => void
  /** Null while it is on its way: the address alone is shown then. */
  readonly linkView: LinkView | null
  /** The admin's own account. */
  readonly me: string
}

export const AdminContext = createContext<AdminTools | null>(null)

export const useAdmin = (): AdminTools => {
  const tools = useContext(AdminContext)
  if (tools === null) throw new Error('outside of administration')
  return tools
}
