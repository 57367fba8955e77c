import type { ChatSummary } from '@wardline/core/client/model/views'
import { useEffect } from 'react'
import '../ui/base.css'
import { RemovedScreen } from '../features/devices/removed-screen.tsx'
import { SignInScreen } from '../features/sign-in/sign-in-screen.tsx'
import { ClinicContext, useClinic } from '../ui/clinic-context.ts'
import { ClinicMark } from '../ui/clinic-mark.tsx'
import { ToastProvider } from '../ui/toast.tsx'
import { useAppHeight } from '../ui/use-app-height.ts'
import { useChunk } from '../ui/use-chunk.ts'
import styles from './app-frame.module.css'
import { AppFrame } from './app-frame.tsx'
import { chatChunk } from './chunks.ts'
import { InstallRow } from './install-row.tsx'
import { OtherWays } from './other-ways.tsx'
import type { ChatPorts } from './ports.ts'
import { TopBar } from './top-bar.tsx'
import { useAttentive } from './use-attentive.ts'
import { useNotifications } from './use-notifications.ts'
import { useReadable } from './use-readable.ts'
import { useRoute } from './use-route.ts'
import { useUnreadBadge } from './use-unread-badge.ts'

const none: readonly ChatSummary[] = []

/** The whole interface over its ports. */
export function App({ ports }: { ports: ChatPorts }) {
  const clinic = useReadable(ports.clinic)
  return (
    <ClinicContext value={clinic}>
      <Screens ports={ports} />
    </ClinicContext>
  )
}

function Screens({ ports }: { ports: ChatPorts }) {
  const shell = useReadable(ports.shell)
  const conversation = useReadable(ports.conversation)
  const updateReady = useReadable(ports.update)
  const storageRisk = useReadable(ports.storageRisk)
  const removal = useReadable(ports.removal)
  const { actions } = ports
  const [route, setRoute] = useRoute()
  const me = shell?.me ?? null
  useAppHeight()
  // Whoever begins in a chat waits for it and for what is in it at the same time.
  useChunk(chatChunk, route !== null)

  const signedIn = me !== null
  useEffect(() => {
    if (!signedIn) return
    if (route === null) actions.closeChat()
    else actions.openChat(route)
  }, [signedIn, route, actions])

  const reading = useAttentive() ? route : null
  useUnreadBadge(shell?.chats ?? none, reading, useClinic().name)
  useNotifications(route, setRoute)

  if (removal !== null)
    return (
      <div className={styles.frame}>
        <TopBar />
        <RemovedScreen removal={removal} onDone={actions.forgetRemoval} />
      </div>
    )
  if (shell === null)
    return (
      <div className={styles.frame}>
        <main className={styles.splash}>
          <ClinicMark size={64} />
        </main>
      </div>
    )
  if (me === null)
    return (
      <div className={styles.frame}>
        <TopBar />
        <SignInScreen
          install={
            <InstallRow
              install={ports.install}
              byHand="On this device, install first: Share, then “Add to Home Screen”. Then open it there and sign in."
            />
          }
          onSignIn={actions.signIn}
          others={<OtherWays ports={ports} />}
        />
      </div>
    )
  return (
    <ToastProvider>
      <AppFrame
        me={me}
        shell={shell}
        conversation={conversation}
        updateReady={updateReady}
        storageRisk={storageRisk}
        route={route}
        reading={reading}
        onRoute={setRoute}
        actions={actions}
        outcome={ports.outcome}
        notifications={ports.notifications}
        install={ports.install}
        session={ports.session}
        refreshClinic={ports.refreshClinic}
      />
    </ToastProvider>
  )
}
