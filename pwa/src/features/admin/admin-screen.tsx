import { type ReactNode, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { goToPath, onPath, pathNow } from '../../base/path.ts'
import { type SignedInOptions, signedInRequests } from '../../sync/signed-in-request.ts'
import { Button } from '../../ui/button.tsx'
import { useClinic } from '../../ui/clinic-context.ts'
import { ClinicMark } from '../../ui/clinic-mark.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { adminApi } from './admin-api.ts'
import { AdminContext, type LinkView } from './admin-context.ts'
import {
  type AdminPlace,
  pathOf,
  placeOf,
  placeOfSection,
  type Section,
  sections,
} from './admin-place.ts'
import styles from './admin-screen.module.css'
import { AuditScreen } from './audit-screen.tsx'
import { HealthScreen } from './health-screen.tsx'
import { InvitationsScreen } from './invitations-screen.tsx'
import { PeopleScreen } from './people-screen.tsx'
import { PersonScreen } from './person-screen.tsx'
import { ProgramsScreen } from './programs-screen.tsx'
import { SettingsScreen } from './settings-screen.tsx'

interface Props {
  /** In whose name the server is asked. */
  session: Pick<SignedInOptions, 'getToken' | 'dropToken'>
  /** The admin's own account. */
  me: string
  /** The way back to the chats; null for who has none. */
  onChats: (() => void) | null
  onSignIn: () => void
  onSettingsSaved: () => void
  linkView: LinkView | null
  /** Stands at the end of the head. */
  account: ReactNode
}

const names: Readonly<Record<Section, readonly [name: string, icon: IconName]>> = {
  people: ['People', 'people'],
  invitations: ['Invitations', 'addPerson'],
  programs: ['Programs', 'keyboard'],
  audit: ['Audit', 'shield'],
  settings: ['Settings', 'edit'],
  health: ['Health', 'rounds'],
}

const onPlace = (to: AdminPlace): void => goToPath(pathOf(to))

/** Administration: people, settings and what was done. Never the text of a message. */
export function AdminScreen(props: Props) {
  const { session, me, onChats, onSignIn, onSettingsSaved } = props
  const place = placeOf(useSyncExternalStore(onPath, pathNow))
  const { account, linkView } = props
  const { name } = useClinic()
  const content = useRef<HTMLElement>(null)
  const nav = useRef<HTMLElement>(null)
  const api = useMemo(() => adminApi(signedInRequests(session)), [session])
  const tools = useMemo(
    () => ({ api, go: onPlace, signIn: onSignIn, me, linkView }),
    [api, onSignIn, me, linkView],
  )

  // Another place begins at its top, and a screen reader with its heading.
  const path = pathOf(place)
  const first = useRef(true)
  useEffect(() => {
    nav.current
      ?.querySelector('[aria-current]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    if (first.current) {
      first.current = false
      return
    }
    content.current?.scrollTo(0, 0)
    content.current?.focus({ preventScroll: true })
  }, [path])

  return (
    <AdminContext value={tools}>
      <div className={styles.frame}>
        <header className={styles.head}>
          <ClinicMark size={28} />
          <span className={styles.name} dir="auto">
            {name}
          </span>
          {onChats !== null && (
            <Button look="text" onClick={onChats}>
              Chats
            </Button>
          )}
          {account}
        </header>
        <nav ref={nav} className={styles.nav} aria-label="Administration">
          <ul>
            {sections.map((section) => {
              const [text, icon] = names[section]
              const to = placeOfSection(section)
              return (
                <li key={section}>
                  <a
                    href={pathOf(to)}
                    aria-current={section === place.section ? 'page' : undefined}
                    onClick={(event) => {
                      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
                        return
                      event.preventDefault()
                      onPlace(to)
                    }}
                  >
                    <Icon name={icon} size={20} />
                    {text}
                  </a>
                </li>
              )
            })}
          </ul>
        </nav>
        <main ref={content} className={styles.content} tabIndex={-1}>
          <div className={styles.column} key={path}>
            {screenOf()}
          </div>
        </main>
      </div>
    </AdminContext>
  )

  function screenOf(): ReactNode {
    switch (place.section) {
      case 'people':
        return place.person === null ? <PeopleScreen /> : <PersonScreen id={place.person} />
      case 'invitations':
        return <InvitationsScreen />
      case 'programs':
        return <ProgramsScreen />
      case 'audit':
        return <AuditScreen about={place.about} />
      case 'settings':
        return <SettingsScreen onSaved={onSettingsSaved} />
      case 'health':
        return <HealthScreen />
    }
  }
}
