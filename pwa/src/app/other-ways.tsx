import { useChunk } from '../ui/use-chunk.ts'
import { otherWaysChunk } from './chunks.ts'
import type { ChatPorts } from './ports.ts'
import { useReadable } from './use-readable.ts'

interface Props {
  ports: Pick<ChatPorts, 'outcome' | 'actions'>
}

/** What there is beside the password, once it is here. */
export function OtherWays({ ports: { outcome, actions } }: Props) {
  const chunk = useChunk(otherWaysChunk, true)
  const told = useReadable(outcome)
  if (chunk.kind !== 'here') return null
  const { OtherWays: Ways } = chunk.parts
  return <Ways provider={actions.provider} onProvider={actions.goToProvider} outcome={told} />
}
