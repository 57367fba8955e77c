import type { ChatSummary } from '@wardline/core/client/model/views'
import { useEffect, useSyncExternalStore } from 'react'
import '../ui/base.css'
import { isLockWished, onLockWish } from '../base/lock-wish.ts'
import { SignInScreen } from '../features/sign-in/sign-in-screen.tsx'
import { ChunkWait } from '../ui/chunk-wait.tsx'
import { ClinicContext, useClinic } from '../ui/clinic-context.ts'
import { ClinicMark } from '../ui/clinic-mark.tsx'
import { ToastProvider } from '../ui/toast.tsx'
import { useAppHeight } from '../ui/use-app-height.ts'
import { useChunk } from '../ui/use-chunk.ts'
import styles from './app-frame.module.css'
import { AppFrame } from './app-frame.tsx'
import { chatChunk, engineChunk, lockChunk, removedChunk, waysInChunk } from './chunks.ts'
import { InstallRow } from './install-row.tsx'
import type { ChatPorts } from './ports.ts'
import { StorageScreen } from './storage-screen.tsx'
import { TopBar } from './top-bar.tsx'
import { useAttentive } from './use-attentive.ts'
import { useGate } from './use-gate.ts'
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
  const [gate, setGate] = useGate()
  const waysIn = useChunk(waysInChunk, gate !== null || (shell !== null && me === null))
  useAppHeight()
  // Whoever begins in a chat waits for it and for what is in it at the same time.
  useChunk(chatChunk, route !== null)
  const engine = useChunk(engineChunk, false)
  const removed = useChunk(removedChunk, removal !== null)

  const signedIn = me !== null
  useEffect(() => {
    if (!signedIn) return
    if (route === null) actions.closeChat()
    else actions.openChat(route)
  }, [signedIn, route, actions])

  const reading = useAttentive() ? route : null
  const clinic = useClinic()
  // Of the beginning of a list nobody knows how much is unread.
  useUnreadBadge(shell === null || shell.early ? none : shell.chats, reading, clinic.name)
  // Patients have phones of their own, which lock themselves.
  const wished = useSyncExternalStore(onLockWish, isLockWished)
  const locks = me !== null && me.role !== 'patient' && (wished || clinic.lockMinutes > 0)
  const lock = useChunk(lockChunk, locks)
  useNotifications(route, setRoute)

  if (removal !== null)
    return (
      <div className={styles.frame}>
        <TopBar />
        {removed.kind === 'here' ? (
          <removed.parts.RemovedScreen removal={removal} onDone={actions.forgetRemoval} />
        ) : (
          <main className={styles.alone}>
            <ChunkWait chunk={removedChunk} />
          </main>
        )}
      </div>
    )
  if (engine.kind === 'failed' && (shell === null || shell.early !== undefined))
    return (
      <div className={styles.frame}>
        <main className={styles.alone}>
          <ChunkWait chunk={engineChunk} />
        </main>
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
  if (me === null && shell.storageProblem !== null)
    return (
      <div className={styles.frame}>
        <TopBar />
        <main className={styles.alone}>
          <StorageScreen problem={shell.storageProblem} />
        </main>
      </div>
    )
  if (gate !== null)
    return (
      <div className={styles.frame}>
        <TopBar />
        {waysIn.kind === 'here' ? (
          <waysIn.parts.GateScreen gate={gate} onGate={setGate} ports={ports} />
        ) : (
          <main className={styles.alone}>
            <ChunkWait chunk={waysInChunk} onBack={() => setGate(null)} />
          </main>
        )}
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
          others={
            waysIn.kind === 'here' && <waysIn.parts.OtherWays ports={ports} onGate={setGate} />
          }
        />
      </div>
    )
  const frame = (
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
      access={ports.access}
      notifications={ports.notifications}
      install={ports.install}
      session={ports.session}
      refreshClinic={ports.refreshClinic}
    />
  )
  return (
    <ToastProvider>
      {!locks ? (
        frame
      ) : lock.kind === 'here' ? (
        <lock.parts.Lock
          name={me.name}
          clinicMinutes={clinic.lockMinutes}
          session={ports.session}
          onSignOut={() => void actions.signOut()}
        >
          {frame}
        </lock.parts.Lock>
      ) : (
        <main className={styles.alone}>
          <ChunkWait chunk={lockChunk} />
        </main>
      )}
    </ToastProvider>
  )
}
