/** What is before the list of chats for who does not type a password: links, codes, passkeys. */
import { useMemo } from 'react'
import { CodeScreen } from '../features/join/code-screen.tsx'
import { ForgotScreen } from '../features/join/forgot-screen.tsx'
import { JoinScreen } from '../features/join/join-screen.tsx'
import { SignInMore } from '../features/join/sign-in-more.tsx'
import { OtherWays as ProviderWay } from '../features/sign-in/other-ways.tsx'
import { useClinic } from '../ui/clinic-context.ts'
import { noteNotesRead } from './notes-read.ts'
import type { ChatPorts } from './ports.ts'
import { type Gate, leaveLinkAddress } from './use-gate.ts'
import { useReadable } from './use-readable.ts'
import { waysInOf } from './ways-in-of.ts'

interface GateProps {
  gate: Gate
  onGate: (to: Gate | null) => void
  ports: ChatPorts
}

export function GateScreen({ gate, onGate, ports }: GateProps) {
  const { access, install } = ports
  const api = useMemo(() => waysInOf(access), [access])
  const shell = useReadable(ports.shell)
  const installable = useReadable(install.state) === 'offered'
  const { notes } = useClinic()
  const toCode = () => onGate({ kind: 'code' })
  switch (gate.kind) {
    case 'code':
      return (
        <CodeScreen
          onCode={(code) => onGate({ kind: 'link', secret: { code } })}
          onBack={() => onGate(null)}
        />
      )
    case 'forgot':
      return <ForgotScreen api={api} onCode={toCode} onBack={() => onGate(null)} />
    case 'link':
      return (
        <JoinScreen
          // Another link begins anew.
          key={JSON.stringify(gate.secret)}
          secret={gate.secret}
          api={api}
          signInBy={access.signInBy}
          owner={shell?.me ?? null}
          installable={installable}
          onInstall={() => void install.run()}
          onNotesRead={() => noteNotesRead(notes)}
          onJoined={leaveLinkAddress}
          onDone={() => onGate(null)}
          onCode={toCode}
        />
      )
  }
}

interface OtherWaysProps {
  ports: Pick<ChatPorts, 'outcome' | 'actions' | 'access'>
  onDone?: () => void
  /** Absent where somebody is signed in already, and only their session ended. */
  onGate?: (to: Gate) => void
}

/** What there is beside the password. */
export function OtherWays({ ports, onDone, onGate }: OtherWaysProps) {
  const { outcome, actions, access } = ports
  const api = useMemo(() => waysInOf(access), [access])
  const told = useReadable(outcome)
  return (
    <>
      <ProviderWay provider={actions.provider} onProvider={actions.goToProvider} outcome={told} />
      <SignInMore
        api={api}
        signInBy={access.signInBy}
        {...(onDone && { onDone })}
        {...(onGate && {
          onCode: () => onGate({ kind: 'code' }),
          onForgot: () => onGate({ kind: 'forgot' }),
        })}
      />
    </>
  )
}
